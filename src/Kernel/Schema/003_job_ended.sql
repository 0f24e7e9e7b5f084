-- When a job ended, so that it can be forgotten in time; null while it waits or runs, and of jobs that ended before this column.
ALTER TABLE job ADD COLUMN ended_at TEXT;
