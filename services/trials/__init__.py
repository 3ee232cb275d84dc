"""Runs trials: the log judged again under supposed rules, slice by slice, in the write role."""
