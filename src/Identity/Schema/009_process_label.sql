-- Up to which level a program may take data; NULL: nobody labelled it. Programs older than labels keep what their grants gave them, item by item, until somebody labels them anew.
ALTER TABLE identity_token ADD COLUMN label INTEGER;
ALTER TABLE identity_application ADD COLUMN label INTEGER;
UPDATE identity_token SET label = 4;
UPDATE identity_application SET label = 4;
