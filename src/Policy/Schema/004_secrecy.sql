-- A lawful delay before the people concerned are told of what went out under a grant.
ALTER TABLE policy_grant ADD COLUMN secrecy_code TEXT;
ALTER TABLE policy_grant ADD COLUMN secrecy_basis TEXT;
ALTER TABLE policy_grant ADD COLUMN secrecy_until TEXT;  -- first day they are told
