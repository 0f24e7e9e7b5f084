-- HMAC-SHA-256 over all of an account that decides: an edit past the program is noticed. NULL until the first start with this script has sealed what was there.
ALTER TABLE identity_account ADD COLUMN seal TEXT;
-- The same over a session and whose it is; those of before end, and their people sign in again.
DELETE FROM identity_session;
ALTER TABLE identity_session ADD COLUMN seal TEXT;
