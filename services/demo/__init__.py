"""The simulation of two years of one county, a pure client of the public APIs."""
