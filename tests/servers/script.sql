.bail off
PRAGMA journal_mode = WAL;
PRAGMA page_size;
CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, region TEXT);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer INTEGER REFERENCES customer, amount REAL, note TEXT);
CREATE INDEX by_customer ON orders (customer, amount);
BEGIN;
WITH RECURSIVE n (x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM n WHERE x < 500)
INSERT INTO customer SELECT x, printf('customer %05d', x), substr('northsoutheast west ', x % 4 * 5 + 1, 5) FROM n;
WITH RECURSIVE n (x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM n WHERE x < 10000)
INSERT INTO orders SELECT x, x * 7919 % 500 + 1, x * 31 % 997 / 4.0, hex(zeroblob(x % 50)) FROM n;
COMMIT;
SELECT region, count(*), sum(amount) FROM orders JOIN customer ON customer.id = customer GROUP BY region ORDER BY 1;
BEGIN;
DELETE FROM orders WHERE id % 3 = 0;
SELECT count(*) FROM orders;
ROLLBACK;
SELECT count(*), max(length(note)) FROM orders;
SAVEPOINT one;
UPDATE orders SET note = upper(note) || 'x' WHERE amount > 100;
RELEASE one;
INSERT INTO customer (name) VALUES ('customer 00001');
SELECT name, (SELECT round(sum(amount), 2) FROM orders WHERE customer = customer.id) AS total
FROM customer ORDER BY total DESC, name LIMIT 3;
CREATE VIRTUAL TABLE IF NOT EXISTS temp.words USING fts5 (text);
SELECT json_extract('{"a": [1, 2, {"b": "c"}]}', '$.a[2].b');
VACUUM;
PRAGMA wal_checkpoint(TRUNCATE);
PRAGMA integrity_check;
PRAGMA foreign_key_check;
