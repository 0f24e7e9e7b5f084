-- A staff number tells people of one name apart; a table of people finds the one it means by it.
ALTER TABLE organisation_person ADD COLUMN number TEXT;
CREATE UNIQUE INDEX organisation_person_number ON organisation_person (number);
