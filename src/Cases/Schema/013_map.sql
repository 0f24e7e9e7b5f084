-- What the map counts by: of open cases all that filters them, beside their place; of ended ones their state and class.
-- "ended" stands in both, or the database looks up every row to see that it is what the index says it is.
CREATE INDEX case_file_map ON case_file (place, state, due_at, warn_at, class, node, number, unit, supervised, ended) WHERE ended = 0;
CREATE INDEX case_file_ended_place ON case_file (state, place, class, due_at, ended) WHERE ended = 1;
