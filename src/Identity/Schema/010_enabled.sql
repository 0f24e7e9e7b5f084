-- When an account was last let in again: it has ninety days from then on. Until now that moment was told as its last sign-in.
ALTER TABLE identity_account ADD COLUMN enabled_at TEXT;      -- NULL: never
UPDATE identity_account SET enabled_at = last_in_at;
UPDATE identity_account SET last_in_at = (SELECT MAX(s.at) FROM identity_sign_in s WHERE s.account = identity_account.id AND s.result = 'done');
