-- Why a step computed what it did, and which slices of its incremental column it computed anew.
ALTER TABLE model_step ADD COLUMN why TEXT;       -- JSON: sentences in both languages; NULL for steps before this
ALTER TABLE model_step ADD COLUMN touched TEXT;   -- JSON: how many slices, and their values where these are of a level that is seen in clear; NULL for the whole, or a range
