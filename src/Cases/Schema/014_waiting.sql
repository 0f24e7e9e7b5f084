-- Which cases a unit assists in now: all it ever had a part in are many, these are few.
CREATE INDEX case_leg_assists ON case_leg (unit, case_id) WHERE place > 0 AND ended_at IS NULL;

--postgres
-- Counting by an index alone asks the table too for rows of pages that changed since the last vacuum, five times as slow where all have: clean after 2 % of changes, not after a fifth.
ALTER TABLE case_file SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02);
ALTER TABLE case_part SET (autovacuum_vacuum_insert_scale_factor = 0.02);
--end
