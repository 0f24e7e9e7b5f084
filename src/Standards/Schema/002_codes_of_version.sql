-- A code is looked up by itself, for every line of the crosswalk that is shown.
CREATE INDEX standard_code_of_version ON standard_code (standard, number, code);
