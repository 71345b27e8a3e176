BEGIN TRANSACTION;

GO

-- Running downgrade b2 -> a1

exec sp_dropextendedproperty 'MS_Description', 'schema', dbo, 'table', bill;

GO

EXEC sp_rename 'bill', invoice;

GO

ALTER TABLE customer DROP CONSTRAINT fk_country;

GO

ALTER TABLE customer ADD notes VARCHAR(max) NULL;

GO

ALTER TABLE customer DROP COLUMN country;

GO

declare @const_name varchar(256)
select @const_name = QUOTENAME([name]) from sys.default_constraints
where parent_object_id = object_id('invoice')
and col_name(parent_object_id, parent_column_id) = 'paid'
exec('alter table invoice drop constraint ' + @const_name);

GO

ALTER TABLE invoice DROP COLUMN paid;

GO

EXEC sp_rename 'invoice.billed_on', day, 'COLUMN';

GO

declare @const_name varchar(256)
select @const_name = QUOTENAME([name]) from sys.default_constraints
where parent_object_id = object_id('invoice')
and col_name(parent_object_id, parent_column_id) = 'total'
exec('alter table invoice drop constraint ' + @const_name);

GO

UPDATE alembic_version SET version_num='a1' WHERE alembic_version.version_num = 'b2';

GO

COMMIT;

GO

BEGIN TRANSACTION;

GO

-- Running downgrade a1 -> 

DROP INDEX ix_day ON invoice;

GO

DROP TABLE invoice;

GO

DROP TABLE country;

GO

DROP TABLE customer;

GO

DELETE FROM alembic_version WHERE alembic_version.version_num = 'a1';

GO

COMMIT;

GO

