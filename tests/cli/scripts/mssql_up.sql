BEGIN TRANSACTION;

GO

CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL, 
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

GO

-- Running upgrade  -> a1

CREATE TABLE customer (
    id INTEGER NOT NULL IDENTITY(100,1), 
    name NVARCHAR(80) NOT NULL, 
    since DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP, 
    notes VARCHAR(max) NULL, 
    PRIMARY KEY (id)
);

GO

exec sp_addextendedproperty 'MS_Description', N'who buys', 'schema', dbo, 'table', customer;

GO

exec sp_addextendedproperty 'MS_Description', N'as they say it', 'schema', dbo, 'table', customer, 'column', name;

GO

CREATE TABLE country (
    code VARCHAR(2) NOT NULL, 
    name NVARCHAR(50) NULL, 
    PRIMARY KEY (code)
);

GO

INSERT INTO country (code, name) VALUES ('DE', N'Bonn');

GO

INSERT INTO country (code, name) VALUES ('BG', N'София');

GO

CREATE TABLE invoice (
    id INTEGER NOT NULL IDENTITY, 
    customer_id INTEGER NOT NULL, 
    total NUMERIC(10, 2) NOT NULL DEFAULT '0', 
    day DATE NULL, 
    gross AS (total * 1.19), 
    PRIMARY KEY (id), 
    CONSTRAINT fk_customer FOREIGN KEY(customer_id) REFERENCES customer (id), 
    CONSTRAINT ck_total CHECK (total >= 0), 
    CONSTRAINT uq_day UNIQUE (customer_id, day)
);

GO

CREATE INDEX ix_day ON invoice (day) INCLUDE (total);

GO

INSERT INTO alembic_version (version_num) VALUES ('a1');

GO

COMMIT;

GO

BEGIN TRANSACTION;

GO

-- Running upgrade a1 -> b2

ALTER TABLE customer ALTER COLUMN name NVARCHAR(120) NOT NULL;

GO

exec sp_updateextendedproperty 'MS_Description', N'it''s the name', 'schema', dbo, 'table', customer, 'column', name;

GO

declare @const_name varchar(256)
select @const_name = QUOTENAME([name]) from sys.default_constraints
where parent_object_id = object_id('customer')
and col_name(parent_object_id, parent_column_id) = 'since'
exec('alter table customer drop constraint ' + @const_name);

GO

ALTER TABLE customer ALTER COLUMN since DATE NOT NULL;

GO

ALTER TABLE customer ADD DEFAULT CURRENT_TIMESTAMP FOR since;

GO

declare @const_name varchar(256)
select @const_name = QUOTENAME([name]) from sys.default_constraints
where parent_object_id = object_id('invoice')
and col_name(parent_object_id, parent_column_id) = 'total'
exec('alter table invoice drop constraint ' + @const_name);

GO

ALTER TABLE invoice ADD DEFAULT '1' FOR total;

GO

EXEC sp_rename 'invoice.day', billed_on, 'COLUMN';

GO

ALTER TABLE invoice ADD paid VARCHAR(3) NOT NULL DEFAULT 'no';

GO

ALTER TABLE customer ADD country VARCHAR(2) NULL;

GO

ALTER TABLE customer ADD CONSTRAINT fk_country FOREIGN KEY(country) REFERENCES country (code);

GO

ALTER TABLE customer DROP COLUMN notes;

GO

SET IDENTITY_INSERT customer ON;

GO

INSERT INTO customer (id, name) VALUES (1, N'Żaneta');

GO

SET IDENTITY_INSERT customer OFF;

GO

UPDATE invoice SET paid = 'yes' WHERE total > 5;

GO

EXEC sp_rename 'invoice', bill;

GO

if exists (select 1 from sys.fn_listextendedproperty('MS_Description', 'schema', N'dbo', 'table', N'bill', NULL, NULL))
exec sp_updateextendedproperty 'MS_Description', N'it''s paid', 'schema', dbo, 'table', bill
else
exec sp_addextendedproperty 'MS_Description', N'it''s paid', 'schema', dbo, 'table', bill;

GO

UPDATE alembic_version SET version_num='b2' WHERE alembic_version.version_num = 'a1';

GO

COMMIT;

GO

