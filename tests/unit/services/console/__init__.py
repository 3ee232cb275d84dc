"""Tests of the web console against stand-ins of the two APIs."""
