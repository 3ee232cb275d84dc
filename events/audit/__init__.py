"""A history as an auditor gets it: judged anew, and written for other tools. Standard library only.

Nothing here imports another module of the project: what is judged here was not written here.
"""
