"""Pure rules: days and periods, rule sets as data, persons, divisions and the access decision."""
