-- SQLite packs its pages by itself.
SELECT 1;
