-- Where to ask for what a query was refused.
ALTER TABLE policy_query ADD COLUMN link TEXT;
