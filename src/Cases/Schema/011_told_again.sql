-- 重办告知: who asked for a case is told of it after its end too, when it is taken up again. Those told to be settled so far are looked at from here on.
UPDATE level_case SET asked = 1, told = (SELECT f.revision FROM case_file f WHERE f.number = level_case.number)
WHERE asked = 0 AND EXISTS (SELECT 1 FROM case_file f WHERE f.number = level_case.number)
  AND EXISTS (SELECT 1 FROM level_message m WHERE m.peer = level_case.peer AND m.ref = level_case.ref AND m.came = 1 AND m.state = 'Taken' AND m.form IN ('Report', 'Assign'));
