"""The opinions before the decision: street, or county in a mining area (R21–R24)."""
