-- Running downgrade b2 -> a1

COMMENT ON TABLE bill IS ''

/

ALTER TABLE bill RENAME TO invoice

/

ALTER TABLE customer DROP CONSTRAINT fk_country

/

ALTER TABLE customer ADD notes CLOB

/

ALTER TABLE customer DROP COLUMN country

/

ALTER TABLE invoice DROP COLUMN paid

/

ALTER TABLE invoice RENAME COLUMN billed_on TO day

/

ALTER TABLE invoice MODIFY total DEFAULT NULL

/

UPDATE alembic_version SET version_num='a1' WHERE alembic_version.version_num = 'b2'

/

-- Running downgrade a1 -> 

DROP INDEX ix_day

/

DROP TABLE invoice

/

DROP TABLE country

/

DROP TABLE customer

/

DELETE FROM alembic_version WHERE alembic_version.version_num = 'a1'

/

