-- HMAC-SHA-256 over all of a grant that decides here (way, frequency, quota, time, state): an edit past the program is noticed. NULL until the first start with this script has sealed what was there.
ALTER TABLE sharing_grant ADD COLUMN seal TEXT;
