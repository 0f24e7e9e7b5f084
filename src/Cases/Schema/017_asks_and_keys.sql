-- 申请: how often the lead unit of a leg asked for an extension, a hold or a return, whatever came of it. What was asked for before is not counted.
ALTER TABLE case_leg ADD COLUMN asked_delays INTEGER NOT NULL DEFAULT 0;
ALTER TABLE case_leg ADD COLUMN asked_holds INTEGER NOT NULL DEFAULT 0;
ALTER TABLE case_leg ADD COLUMN asked_returns INTEGER NOT NULL DEFAULT 0;

-- What was sent once: the act that was taken with a key. NULL: it is no act's, or from before.
ALTER TABLE case_key ADD COLUMN act TEXT;
