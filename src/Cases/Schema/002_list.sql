-- What the list of cases filters by beside its order: open ones by state, the light of a stage, a class in a state.
DROP INDEX case_file_class;
CREATE INDEX case_file_class ON case_file (class, state, number);
DROP INDEX case_file_open;
CREATE INDEX case_file_open ON case_file (state, number) WHERE ended = 0;
CREATE INDEX case_file_light ON case_file (due_at, warn_at) WHERE ended = 0;

-- Who has a part in a case, in the order of their list: every unit it was ever assigned to, and the person who registered it.
CREATE TABLE case_part (
    who    TEXT NOT NULL,
    number TEXT NOT NULL,
    PRIMARY KEY (who, number)
) STRICT;
INSERT INTO case_part (who, number) SELECT l.unit, f.number FROM case_leg l JOIN case_file f ON f.id = l.case_id UNION SELECT reported_by, number FROM case_file;
