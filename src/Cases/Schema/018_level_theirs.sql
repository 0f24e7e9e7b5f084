-- Of every case another level tells it is asked whether it is here already.
CREATE INDEX level_case_theirs ON level_case (peer, theirs) WHERE theirs IS NOT NULL;
