-- Keys that senders chose lie in a space of their own, beside the unit's, and can no longer be taken for the program's. What has a source, is an upload's table or
-- the sample's has a key of the program.
UPDATE batch SET idempotency = 'api:' || unit || ':' || idempotency
    WHERE idempotency IS NOT NULL AND source IS NULL AND idempotency NOT LIKE 'upload:________-____-____-____-____________:%' AND idempotency NOT LIKE 'sample/%/%/%/%';
