-- Which tasks wait for which: a task goes out only when all those named here have been taken.
CREATE TABLE task_after (
    task_id  INTEGER NOT NULL REFERENCES task (id),
    after_id INTEGER NOT NULL REFERENCES task (id),
    PRIMARY KEY (task_id, after_id)
) WITHOUT ROWID;
CREATE INDEX task_after_first ON task_after (after_id);
