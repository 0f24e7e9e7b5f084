-- Which host runs a job: its mark in the data folder tells whether it still lives.
ALTER TABLE job ADD COLUMN holder TEXT;
