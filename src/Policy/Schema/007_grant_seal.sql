-- HMAC-SHA-256 over all of a grant that decides: an edit past the program is noticed. NULL until the first start with this script has sealed what was there.
ALTER TABLE policy_grant ADD COLUMN seal TEXT;
