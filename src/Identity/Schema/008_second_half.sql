-- The password of an administrator's account is set in two halves, each handed out by another: whoever makes or resets the account knows one alone.
ALTER TABLE identity_account ADD COLUMN second_half TEXT;     -- protected; NULL: handed out, or the account was not set so
