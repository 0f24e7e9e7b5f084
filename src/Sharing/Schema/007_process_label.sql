-- Up to which level a delivery may take data; NULL: nobody labelled it. Deliveries older than labels keep what their grants gave them, item by item, until somebody labels them anew.
ALTER TABLE sharing_delivery ADD COLUMN label INTEGER;
UPDATE sharing_delivery SET label = 4;
