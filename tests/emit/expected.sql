-- add column [postgresql, mysql, mariadb, sqlite]
ALTER TABLE t ADD COLUMN x INTEGER;

-- add column [mssql]
ALTER TABLE t ADD x INTEGER NULL;

-- add column [oracle]
ALTER TABLE t ADD x INTEGER;

-- add column in schema [postgresql]
ALTER TABLE s.t ADD COLUMN x INTEGER;
CREATE INDEX ix_s_t_x ON s.t (x);
COMMENT ON COLUMN s.t.x IS 'c''o 5% :x';

-- add column in schema [mysql, mariadb]
ALTER TABLE s.t ADD COLUMN x INTEGER COMMENT 'c''o 5% :x';
CREATE INDEX ix_s_t_x ON s.t (x);

-- add column in schema [sqlite]
ALTER TABLE s.t ADD COLUMN x INTEGER;
CREATE INDEX s.ix_s_t_x ON t (x);

-- add column in schema [mssql]
ALTER TABLE s.t ADD x INTEGER NULL;
CREATE INDEX ix_s_t_x ON s.t (x);
exec sp_addextendedproperty 'MS_Description', N'c''o 5% :x', 'schema', s, 'table', t, 'column', x;

-- add column in schema [oracle]
ALTER TABLE s.t ADD x INTEGER;
CREATE INDEX s.ix_s_t_x ON s.t (x);
COMMENT ON COLUMN s.t.x IS 'c''o 5% :x';

-- add column with default [postgresql, sqlite]
ALTER TABLE t ADD COLUMN x VARCHAR(9) DEFAULT 'it''s 5% :x' NOT NULL;

-- add column with default [mysql, mariadb]
ALTER TABLE t ADD COLUMN x VARCHAR(9) NOT NULL DEFAULT 'it''s 5% :x';

-- add column with default [mssql]
ALTER TABLE t ADD x VARCHAR(9) NOT NULL DEFAULT 'it''s 5% :x';

-- add column with default [oracle]
ALTER TABLE t ADD x VARCHAR2(9 CHAR) DEFAULT 'it''s 5% :x' NOT NULL;

-- add column with foreign key [postgresql, mysql, mariadb]
ALTER TABLE t ADD COLUMN x INTEGER;
ALTER TABLE t ADD FOREIGN KEY(x) REFERENCES u (id) ON DELETE CASCADE;

-- add column with foreign key [sqlite]
ALTER TABLE t ADD COLUMN x INTEGER REFERENCES u (id) ON DELETE CASCADE;

-- add column with foreign key [mssql]
ALTER TABLE t ADD x INTEGER NULL;
ALTER TABLE t ADD FOREIGN KEY(x) REFERENCES u (id) ON DELETE CASCADE;

-- add column with foreign key [oracle]
ALTER TABLE t ADD x INTEGER;
ALTER TABLE t ADD FOREIGN KEY(x) REFERENCES u (id) ON DELETE CASCADE;

-- add column with named foreign key [postgresql, mysql, mariadb]
ALTER TABLE t ADD COLUMN x INTEGER;
ALTER TABLE t ADD CONSTRAINT nm FOREIGN KEY(x) REFERENCES u (z) DEFERRABLE INITIALLY DEFERRED;

-- add column with named foreign key [sqlite]
ALTER TABLE t ADD COLUMN x INTEGER CONSTRAINT nm REFERENCES u (z) DEFERRABLE INITIALLY DEFERRED;

-- add column with named foreign key [mssql]
!! CommandError: cannot give table t constraint nm: SQL Server does not know the word DEFERRABLE

-- add column with named foreign key [oracle]
ALTER TABLE t ADD x INTEGER;
ALTER TABLE t ADD CONSTRAINT nm FOREIGN KEY(x) REFERENCES u (z) DEFERRABLE INITIALLY DEFERRED;

-- add column with foreign key inline [postgresql, mysql, mariadb, sqlite]
ALTER TABLE t ADD COLUMN x INTEGER REFERENCES u (id) ON DELETE CASCADE;

-- add column with foreign key inline [mssql]
ALTER TABLE t ADD x INTEGER NULL REFERENCES u (id) ON DELETE CASCADE;

-- add column with foreign key inline [oracle]
ALTER TABLE t ADD x INTEGER REFERENCES u (id) ON DELETE CASCADE;

-- add column with named foreign key inline [postgresql, mysql, mariadb, sqlite]
ALTER TABLE t ADD COLUMN x INTEGER CONSTRAINT nm REFERENCES u (id);

-- add column with named foreign key inline [mssql]
ALTER TABLE t ADD x INTEGER NULL CONSTRAINT nm REFERENCES u (id);

-- add column with named foreign key inline [oracle]
ALTER TABLE t ADD x INTEGER CONSTRAINT nm REFERENCES u (id);

-- add column with primary key inline [postgresql]
ALTER TABLE t ADD COLUMN x SERIAL NOT NULL PRIMARY KEY;

-- add column with primary key inline [mysql, mariadb]
ALTER TABLE t ADD COLUMN x INTEGER NOT NULL AUTO_INCREMENT PRIMARY KEY;

-- add column with primary key inline [sqlite]
ALTER TABLE t ADD COLUMN x INTEGER NOT NULL PRIMARY KEY;

-- add column with primary key inline [mssql]
ALTER TABLE t ADD x INTEGER NOT NULL IDENTITY PRIMARY KEY;

-- add column with primary key inline [oracle]
ALTER TABLE t ADD x INTEGER NOT NULL PRIMARY KEY;

-- add column of primary key [postgresql]
ALTER TABLE t ADD COLUMN x SERIAL NOT NULL;

-- add column of primary key [mysql, mariadb]
ALTER TABLE t ADD COLUMN x INTEGER NOT NULL AUTO_INCREMENT;

-- add column of primary key [sqlite]
ALTER TABLE t ADD COLUMN x INTEGER NOT NULL;

-- add column of primary key [mssql]
ALTER TABLE t ADD x INTEGER NOT NULL IDENTITY;

-- add column of primary key [oracle]
ALTER TABLE t ADD x INTEGER NOT NULL;

-- add unique column [postgresql, mysql, mariadb]
ALTER TABLE t ADD COLUMN x INTEGER;
ALTER TABLE t ADD UNIQUE (x);

-- add unique column [sqlite]
!! CommandError: This operation cannot proceed in --sql mode; batch mode with dialect sqlite requires a live database connection with which to reflect the table "t". To generate a batch SQL migration script using table "move and copy", a complete Table object should be passed to the "copy_from" argument of the batch_alter_table() method so that table reflection can be skipped.

-- add unique column [mssql]
ALTER TABLE t ADD x INTEGER NULL;
ALTER TABLE t ADD UNIQUE (x);

-- add unique column [oracle]
ALTER TABLE t ADD x INTEGER;
ALTER TABLE t ADD UNIQUE (x);

-- add indexed column [postgresql, mysql, mariadb, sqlite]
ALTER TABLE t ADD COLUMN x INTEGER;
CREATE INDEX ix_t_x ON t (x);

-- add indexed column [mssql]
ALTER TABLE t ADD x INTEGER NULL;
CREATE INDEX ix_t_x ON t (x);

-- add indexed column [oracle]
ALTER TABLE t ADD x INTEGER;
CREATE INDEX ix_t_x ON t (x);

-- add column if not exists [postgresql, mysql, mariadb, sqlite]
ALTER TABLE t ADD COLUMN IF NOT EXISTS x INTEGER;

-- add column if not exists [mssql]
IF COL_LENGTH('t', 'x') IS NULL
ALTER TABLE t ADD x INTEGER NULL;

-- add column if not exists [oracle]
BEGIN
    EXECUTE IMMEDIATE 'ALTER TABLE t ADD x INTEGER';
EXCEPTION
    WHEN OTHERS THEN
        IF SQLCODE != -1430 THEN
            RAISE;
        END IF;
END;;

-- add column with check [postgresql, sqlite]
ALTER TABLE t ADD COLUMN x INTEGER DEFAULT '5' NOT NULL CONSTRAINT ck CHECK (x>0);

-- add column with check [mysql]
ALTER TABLE t ADD COLUMN x INTEGER NOT NULL DEFAULT '5' CONSTRAINT ck CHECK (x>0);

-- add column with check [mariadb]
ALTER TABLE t ADD COLUMN x INTEGER NOT NULL DEFAULT '5';
ALTER TABLE t ADD CONSTRAINT ck CHECK (x>0);

-- add column with check [mssql]
ALTER TABLE t ADD x INTEGER NOT NULL DEFAULT '5' CONSTRAINT ck CHECK (x>0);

-- add column with check [oracle]
ALTER TABLE t ADD x INTEGER DEFAULT '5' NOT NULL CONSTRAINT ck CHECK (x>0);

-- add boolean with check [postgresql]
ALTER TABLE t ADD COLUMN x BOOLEAN DEFAULT false NOT NULL;

-- add boolean with check [mysql, mariadb]
ALTER TABLE t ADD COLUMN x BOOL NOT NULL DEFAULT false;
ALTER TABLE t ADD CONSTRAINT bb CHECK (x IN (0, 1));

-- add boolean with check [sqlite]
ALTER TABLE t ADD COLUMN x BOOLEAN DEFAULT 0 NOT NULL CONSTRAINT bb CHECK (x IN (0, 1));

-- add boolean with check [mssql]
ALTER TABLE t ADD x BIT NOT NULL DEFAULT 0;

-- add boolean with check [oracle]
ALTER TABLE t ADD x BOOLEAN DEFAULT 0 NOT NULL;

-- add enum [postgresql]
ALTER TABLE t ADD COLUMN x mood;

-- add enum [mysql, mariadb]
ALTER TABLE t ADD COLUMN x ENUM('a','b');

-- add enum [sqlite]
ALTER TABLE t ADD COLUMN x VARCHAR(1);

-- add enum [mssql]
ALTER TABLE t ADD x VARCHAR(1) NULL;

-- add enum [oracle]
ALTER TABLE t ADD x VARCHAR(1 CHAR);

-- add computed column [postgresql, mysql, mariadb, sqlite]
ALTER TABLE t ADD COLUMN x INTEGER GENERATED ALWAYS AS (a+1) STORED;

-- add computed column [mssql]
ALTER TABLE t ADD x AS (a+1) PERSISTED;

-- add computed column [oracle]
!! CompileError: Oracle Database computed columns do not support 'stored' persistence; set the 'persisted' flag to None or False for Oracle Database support.

-- add identity column [postgresql]
ALTER TABLE t ADD COLUMN x INTEGER GENERATED BY DEFAULT AS IDENTITY;

-- add identity column [mysql, mariadb, sqlite]
ALTER TABLE t ADD COLUMN x INTEGER NOT NULL;

-- add identity column [mssql]
ALTER TABLE t ADD x INTEGER NOT NULL IDENTITY;

-- add identity column [oracle]
ALTER TABLE t ADD x INTEGER GENERATED BY DEFAULT AS IDENTITY;

-- drop column [postgresql, mysql, mariadb, sqlite, mssql, oracle]
ALTER TABLE s.t DROP COLUMN x;

-- drop column if exists [postgresql, mysql, mariadb, sqlite, mssql]
ALTER TABLE t DROP COLUMN IF EXISTS x;

-- drop column if exists [oracle]
BEGIN
    EXECUTE IMMEDIATE 'ALTER TABLE t DROP COLUMN x';
EXCEPTION
    WHEN OTHERS THEN
        IF SQLCODE != -904 THEN
            RAISE;
        END IF;
END;;

-- alter nullable [postgresql]
ALTER TABLE t ALTER COLUMN x SET NOT NULL;

-- alter nullable [mysql, mariadb]
ALTER TABLE t MODIFY x INTEGER NOT NULL;

-- alter nullable [sqlite]
!! CommandError: This operation cannot proceed in --sql mode; batch mode with dialect sqlite requires a live database connection with which to reflect the table "t". To generate a batch SQL migration script using table "move and copy", a complete Table object should be passed to the "copy_from" argument of the batch_alter_table() method so that table reflection can be skipped.

-- alter nullable [mssql]
ALTER TABLE t ALTER COLUMN x INTEGER NOT NULL;

-- alter nullable [oracle]
ALTER TABLE t MODIFY x NOT NULL;

-- alter nullable, type unknown [postgresql]
ALTER TABLE t ALTER COLUMN x SET NOT NULL;

-- alter nullable, type unknown [mysql, mariadb]
!! CommandError: All MySQL CHANGE/MODIFY COLUMN operations require the existing type.

-- alter nullable, type unknown [sqlite]
!! CommandError: This operation cannot proceed in --sql mode; batch mode with dialect sqlite requires a live database connection with which to reflect the table "t". To generate a batch SQL migration script using table "move and copy", a complete Table object should be passed to the "copy_from" argument of the batch_alter_table() method so that table reflection can be skipped.

-- alter nullable, type unknown [mssql]
!! CommandError: MS-SQL ALTER COLUMN operations with NULL or NOT NULL require the existing_type or a new type_ be passed.

-- alter nullable, type unknown [oracle]
ALTER TABLE t MODIFY x NOT NULL;

-- alter type [postgresql]
ALTER TABLE t ALTER COLUMN x TYPE VARCHAR(20);

-- alter type [mysql, mariadb]
ALTER TABLE t MODIFY x VARCHAR(20) NOT NULL;

-- alter type [sqlite]
!! CommandError: This operation cannot proceed in --sql mode; batch mode with dialect sqlite requires a live database connection with which to reflect the table "t". To generate a batch SQL migration script using table "move and copy", a complete Table object should be passed to the "copy_from" argument of the batch_alter_table() method so that table reflection can be skipped.

-- alter type [mssql]
ALTER TABLE t ALTER COLUMN x VARCHAR(20) NOT NULL;

-- alter type [oracle]
ALTER TABLE t MODIFY x VARCHAR2(20 CHAR);

-- alter type using [postgresql]
ALTER TABLE t ALTER COLUMN x TYPE INTEGER USING x::int;

-- alter type using [mysql, mariadb]
ALTER TABLE t MODIFY x INTEGER NULL;

-- alter type using [sqlite]
!! CommandError: This operation cannot proceed in --sql mode; batch mode with dialect sqlite requires a live database connection with which to reflect the table "t". To generate a batch SQL migration script using table "move and copy", a complete Table object should be passed to the "copy_from" argument of the batch_alter_table() method so that table reflection can be skipped.

-- alter type using [mssql]
ALTER TABLE t ALTER COLUMN x INTEGER;

-- alter type using [oracle]
ALTER TABLE t MODIFY x INTEGER;

-- alter using without type [postgresql]
!! CommandError: postgresql_using must be used with the type_ parameter

-- alter using without type [mysql, mariadb, sqlite, mssql, oracle]


-- alter type to enum [postgresql]
ALTER TABLE t ALTER COLUMN x TYPE mood USING x::text::mood;

-- alter type to enum [mysql, mariadb]
ALTER TABLE t MODIFY x ENUM('a','b') NULL;

-- alter type to enum [sqlite]
!! CommandError: This operation cannot proceed in --sql mode; batch mode with dialect sqlite requires a live database connection with which to reflect the table "t". To generate a batch SQL migration script using table "move and copy", a complete Table object should be passed to the "copy_from" argument of the batch_alter_table() method so that table reflection can be skipped.

-- alter type to enum [mssql]
ALTER TABLE t ALTER COLUMN x VARCHAR(1);

-- alter type to enum [oracle]
ALTER TABLE t MODIFY x VARCHAR(1 CHAR);

-- alter type with checks [postgresql]
ALTER TABLE t DROP CONSTRAINT ee;
ALTER TABLE t ALTER COLUMN x TYPE BOOLEAN USING x::BOOLEAN;

-- alter type with checks [mysql]
ALTER TABLE t DROP CHECK ee;
ALTER TABLE t MODIFY x BOOL NULL;
ALTER TABLE t ADD CONSTRAINT bb CHECK (x IN (0, 1));

-- alter type with checks [mariadb]
ALTER TABLE t DROP CONSTRAINT ee;
ALTER TABLE t MODIFY x BOOL NULL;
ALTER TABLE t ADD CONSTRAINT bb CHECK (x IN (0, 1));

-- alter type with checks [sqlite]
!! CommandError: This operation cannot proceed in --sql mode; batch mode with dialect sqlite requires a live database connection with which to reflect the table "t". To generate a batch SQL migration script using table "move and copy", a complete Table object should be passed to the "copy_from" argument of the batch_alter_table() method so that table reflection can be skipped.

-- alter type with checks [mssql]
ALTER TABLE t DROP CONSTRAINT ee;
ALTER TABLE t ALTER COLUMN x BIT;

-- alter type with checks [oracle]
ALTER TABLE t DROP CONSTRAINT ee;
ALTER TABLE t MODIFY x BOOLEAN;

-- alter type and name with check [postgresql]
ALTER TABLE t ALTER COLUMN x TYPE BOOLEAN USING x::BOOLEAN;
ALTER TABLE t RENAME x TO y;

-- alter type and name with check [mysql, mariadb]
ALTER TABLE t CHANGE x y BOOL NULL;
ALTER TABLE t ADD CONSTRAINT z CHECK (y IN (0, 1));

-- alter type and name with check [sqlite]
!! CommandError: This operation cannot proceed in --sql mode; batch mode with dialect sqlite requires a live database connection with which to reflect the table "t". To generate a batch SQL migration script using table "move and copy", a complete Table object should be passed to the "copy_from" argument of the batch_alter_table() method so that table reflection can be skipped.

-- alter type and name with check [mssql]
ALTER TABLE t ALTER COLUMN x BIT;
EXEC sp_rename 't.x', y, 'COLUMN';

-- alter type and name with check [oracle]
ALTER TABLE t MODIFY x BOOLEAN;
ALTER TABLE t RENAME COLUMN x TO y;

-- alter default [postgresql, mysql, mariadb]
ALTER TABLE t ALTER COLUMN x SET DEFAULT 'a%b:c';

-- alter default [sqlite]
!! CommandError: This operation cannot proceed in --sql mode; batch mode with dialect sqlite requires a live database connection with which to reflect the table "t". To generate a batch SQL migration script using table "move and copy", a complete Table object should be passed to the "copy_from" argument of the batch_alter_table() method so that table reflection can be skipped.

-- alter default [mssql]
ALTER TABLE t ADD DEFAULT 'a%b:c' FOR x;

-- alter default [oracle]
ALTER TABLE t MODIFY x DEFAULT 'a%b:c';

-- alter default to text [postgresql, mysql, mariadb]
ALTER TABLE t ALTER COLUMN x SET DEFAULT 5;

-- alter default to text [sqlite]
!! CommandError: This operation cannot proceed in --sql mode; batch mode with dialect sqlite requires a live database connection with which to reflect the table "t". To generate a batch SQL migration script using table "move and copy", a complete Table object should be passed to the "copy_from" argument of the batch_alter_table() method so that table reflection can be skipped.

-- alter default to text [mssql]
ALTER TABLE t ADD DEFAULT 5 FOR x;

-- alter default to text [oracle]
ALTER TABLE t MODIFY x DEFAULT 5;

-- alter default to function [postgresql]
ALTER TABLE t ALTER COLUMN x SET DEFAULT now();

-- alter default to function [mysql, mariadb]
ALTER TABLE t ALTER COLUMN x SET DEFAULT (now());

-- alter default to function [sqlite]
!! CommandError: This operation cannot proceed in --sql mode; batch mode with dialect sqlite requires a live database connection with which to reflect the table "t". To generate a batch SQL migration script using table "move and copy", a complete Table object should be passed to the "copy_from" argument of the batch_alter_table() method so that table reflection can be skipped.

-- alter default to function [mssql]
ALTER TABLE t ADD DEFAULT CURRENT_TIMESTAMP FOR x;

-- alter default to function [oracle]
ALTER TABLE t MODIFY x DEFAULT CURRENT_TIMESTAMP;

-- alter default of a date [postgresql]
ALTER TABLE t ALTER COLUMN x SET DEFAULT now();

-- alter default of a date [mysql, mariadb]
ALTER TABLE t CHANGE x x DATETIME NULL DEFAULT now();

-- alter default of a date [sqlite]
!! CommandError: This operation cannot proceed in --sql mode; batch mode with dialect sqlite requires a live database connection with which to reflect the table "t". To generate a batch SQL migration script using table "move and copy", a complete Table object should be passed to the "copy_from" argument of the batch_alter_table() method so that table reflection can be skipped.

-- alter default of a date [mssql]
ALTER TABLE t ADD DEFAULT now() FOR x;

-- alter default of a date [oracle]
ALTER TABLE t MODIFY x DEFAULT now();

-- drop default [postgresql, mysql, mariadb]
ALTER TABLE t ALTER COLUMN x DROP DEFAULT;

-- drop default [sqlite]
!! CommandError: This operation cannot proceed in --sql mode; batch mode with dialect sqlite requires a live database connection with which to reflect the table "t". To generate a batch SQL migration script using table "move and copy", a complete Table object should be passed to the "copy_from" argument of the batch_alter_table() method so that table reflection can be skipped.

-- drop default [mssql]
declare @const_name varchar(256)
select @const_name = QUOTENAME([name]) from sys.default_constraints
where parent_object_id = object_id('t')
and col_name(parent_object_id, parent_column_id) = 'x'
exec('alter table t drop constraint ' + @const_name);

-- drop default [oracle]
ALTER TABLE t MODIFY x DEFAULT NULL;

-- rename column [postgresql]
ALTER TABLE t RENAME x TO y;

-- rename column [mysql, mariadb]
ALTER TABLE t CHANGE x y INTEGER NULL;

-- rename column [sqlite, oracle]
ALTER TABLE t RENAME COLUMN x TO y;

-- rename column [mssql]
EXEC sp_rename 't.x', y, 'COLUMN';

-- alter comment [postgresql, oracle]
COMMENT ON COLUMN s.t.x IS 'it''s 5% :x';

-- alter comment [mysql, mariadb]
ALTER TABLE s.t MODIFY x INTEGER NULL COMMENT 'it''s 5% :x';

-- alter comment [sqlite]


-- alter comment [mssql]
if exists (select 1 from sys.fn_listextendedproperty('MS_Description', 'schema', N's', 'table', N't', 'column', N'x'))
exec sp_updateextendedproperty 'MS_Description', N'it''s 5% :x', 'schema', s, 'table', t, 'column', x
else
exec sp_addextendedproperty 'MS_Description', N'it''s 5% :x', 'schema', s, 'table', t, 'column', x;

-- drop comment [postgresql]
COMMENT ON COLUMN t.x IS NULL;

-- drop comment [mysql, mariadb]
ALTER TABLE t MODIFY x INTEGER NULL;

-- drop comment [sqlite]


-- drop comment [mssql]
if exists (select 1 from sys.fn_listextendedproperty('MS_Description', 'schema', N'dbo', 'table', N't', 'column', N'x'))
exec sp_dropextendedproperty 'MS_Description', 'schema', dbo, 'table', t, 'column', x;

-- drop comment [oracle]
COMMENT ON COLUMN t.x IS '';

-- alter all [postgresql]
ALTER TABLE t ALTER COLUMN x TYPE VARCHAR(5);
ALTER TABLE t ALTER COLUMN x DROP NOT NULL;
ALTER TABLE t ALTER COLUMN x SET DEFAULT 'z';
COMMENT ON COLUMN t.x IS 'c';
ALTER TABLE t RENAME x TO y;

-- alter all [mysql, mariadb]
ALTER TABLE t CHANGE x y VARCHAR(5) NULL DEFAULT 'z' COMMENT 'c';

-- alter all [sqlite]
!! CommandError: This operation cannot proceed in --sql mode; batch mode with dialect sqlite requires a live database connection with which to reflect the table "t". To generate a batch SQL migration script using table "move and copy", a complete Table object should be passed to the "copy_from" argument of the batch_alter_table() method so that table reflection can be skipped.

-- alter all [mssql]
declare @const_name varchar(256)
select @const_name = QUOTENAME([name]) from sys.default_constraints
where parent_object_id = object_id('t')
and col_name(parent_object_id, parent_column_id) = 'x'
exec('alter table t drop constraint ' + @const_name);
ALTER TABLE t ALTER COLUMN x VARCHAR(5) NULL;
ALTER TABLE t ADD DEFAULT 'z' FOR x;
if exists (select 1 from sys.fn_listextendedproperty('MS_Description', 'schema', N'dbo', 'table', N't', 'column', N'x'))
exec sp_updateextendedproperty 'MS_Description', N'c', 'schema', dbo, 'table', t, 'column', x
else
exec sp_addextendedproperty 'MS_Description', N'c', 'schema', dbo, 'table', t, 'column', x;
EXEC sp_rename 't.x', y, 'COLUMN';

-- alter all [oracle]
ALTER TABLE t MODIFY x NULL;
ALTER TABLE t MODIFY x DEFAULT 'z';
ALTER TABLE t MODIFY x VARCHAR2(5 CHAR);
COMMENT ON COLUMN t.x IS 'c';
ALTER TABLE t RENAME COLUMN x TO y;

-- keep all but the type [postgresql]
ALTER TABLE t ALTER COLUMN x TYPE BIGINT;

-- keep all but the type [mysql, mariadb]
ALTER TABLE t MODIFY x BIGINT NOT NULL AUTO_INCREMENT DEFAULT '5' COMMENT 'cc';

-- keep all but the type [sqlite]
!! CommandError: This operation cannot proceed in --sql mode; batch mode with dialect sqlite requires a live database connection with which to reflect the table "t". To generate a batch SQL migration script using table "move and copy", a complete Table object should be passed to the "copy_from" argument of the batch_alter_table() method so that table reflection can be skipped.

-- keep all but the type [mssql]
declare @const_name varchar(256)
select @const_name = QUOTENAME([name]) from sys.default_constraints
where parent_object_id = object_id('t')
and col_name(parent_object_id, parent_column_id) = 'x'
exec('alter table t drop constraint ' + @const_name);
ALTER TABLE t ALTER COLUMN x BIGINT NOT NULL;
ALTER TABLE t ADD DEFAULT '5' FOR x;

-- keep all but the type [oracle]
ALTER TABLE t MODIFY x NUMBER(19);

-- add identity [postgresql]
ALTER TABLE t ALTER COLUMN x ADD GENERATED ALWAYS AS IDENTITY (START WITH 5);

-- add identity [mysql, mariadb, mssql]
!! CompileError: Adding, removing or modifying an "identity" construct, e.g. GENERATED AS IDENTITY, to or from an existing column is not supported in this dialect.

-- add identity [sqlite]
!! CommandError: This operation cannot proceed in --sql mode; batch mode with dialect sqlite requires a live database connection with which to reflect the table "t". To generate a batch SQL migration script using table "move and copy", a complete Table object should be passed to the "copy_from" argument of the batch_alter_table() method so that table reflection can be skipped.

-- add identity [oracle]
ALTER TABLE t MODIFY x GENERATED ALWAYS AS IDENTITY (START WITH 5);

-- alter identity [postgresql]
ALTER TABLE t ALTER COLUMN x SET GENERATED BY DEFAULT SET CACHE 3 SET CYCLE SET MINVALUE 2 SET NO MAXVALUE SET START WITH 4;

-- alter identity [mysql, mariadb, mssql]
!! CompileError: Adding, removing or modifying an "identity" construct, e.g. GENERATED AS IDENTITY, to or from an existing column is not supported in this dialect.

-- alter identity [sqlite]
!! CommandError: This operation cannot proceed in --sql mode; batch mode with dialect sqlite requires a live database connection with which to reflect the table "t". To generate a batch SQL migration script using table "move and copy", a complete Table object should be passed to the "copy_from" argument of the batch_alter_table() method so that table reflection can be skipped.

-- alter identity [oracle]
ALTER TABLE t MODIFY x GENERATED BY DEFAULT AS IDENTITY (START WITH 4 MINVALUE 2 NOMAXVALUE CACHE 3 CYCLE);

-- drop identity [postgresql]
ALTER TABLE t ALTER COLUMN x DROP IDENTITY;

-- drop identity [mysql, mariadb, mssql]
!! CompileError: Adding, removing or modifying an "identity" construct, e.g. GENERATED AS IDENTITY, to or from an existing column is not supported in this dialect.

-- drop identity [sqlite]
!! CommandError: This operation cannot proceed in --sql mode; batch mode with dialect sqlite requires a live database connection with which to reflect the table "t". To generate a batch SQL migration script using table "move and copy", a complete Table object should be passed to the "copy_from" argument of the batch_alter_table() method so that table reflection can be skipped.

-- drop identity [oracle]
ALTER TABLE t MODIFY x DROP IDENTITY;

-- identity to default [postgresql]
ALTER TABLE t ALTER COLUMN x DROP IDENTITY;
ALTER TABLE t ALTER COLUMN x SET DEFAULT '5';

-- identity to default [mysql, mariadb, mssql]
!! CompileError: Adding, removing or modifying an "identity" construct, e.g. GENERATED AS IDENTITY, to or from an existing column is not supported in this dialect.

-- identity to default [sqlite]
!! CommandError: This operation cannot proceed in --sql mode; batch mode with dialect sqlite requires a live database connection with which to reflect the table "t". To generate a batch SQL migration script using table "move and copy", a complete Table object should be passed to the "copy_from" argument of the batch_alter_table() method so that table reflection can be skipped.

-- identity to default [oracle]
ALTER TABLE t MODIFY x DROP IDENTITY;
ALTER TABLE t MODIFY x DEFAULT '5';

-- default to identity [postgresql]
ALTER TABLE t ALTER COLUMN x DROP DEFAULT;
ALTER TABLE t ALTER COLUMN x ADD GENERATED BY DEFAULT AS IDENTITY;

-- default to identity [mysql, mariadb, mssql]
!! CompileError: Adding, removing or modifying an "identity" construct, e.g. GENERATED AS IDENTITY, to or from an existing column is not supported in this dialect.

-- default to identity [sqlite]
!! CommandError: This operation cannot proceed in --sql mode; batch mode with dialect sqlite requires a live database connection with which to reflect the table "t". To generate a batch SQL migration script using table "move and copy", a complete Table object should be passed to the "copy_from" argument of the batch_alter_table() method so that table reflection can be skipped.

-- default to identity [oracle]
ALTER TABLE t MODIFY x GENERATED BY DEFAULT AS IDENTITY;

-- add expression [postgresql, mysql, mariadb, mssql, oracle]
!! CompileError: Adding or removing a "computed" construct, e.g. GENERATED ALWAYS AS, to or from an existing column is not supported.

-- add expression [sqlite]
!! CommandError: This operation cannot proceed in --sql mode; batch mode with dialect sqlite requires a live database connection with which to reflect the table "t". To generate a batch SQL migration script using table "move and copy", a complete Table object should be passed to the "copy_from" argument of the batch_alter_table() method so that table reflection can be skipped.

-- drop expression [postgresql]
ALTER TABLE t ALTER COLUMN x DROP EXPRESSION;

-- drop expression [mysql, mariadb, mssql, oracle]
!! CompileError: Adding or removing a "computed" construct, e.g. GENERATED ALWAYS AS, to or from an existing column is not supported.

-- drop expression [sqlite]
!! CommandError: This operation cannot proceed in --sql mode; batch mode with dialect sqlite requires a live database connection with which to reflect the table "t". To generate a batch SQL migration script using table "move and copy", a complete Table object should be passed to the "copy_from" argument of the batch_alter_table() method so that table reflection can be skipped.

-- create foreign key [postgresql, mysql, mariadb]
ALTER TABLE s1.a ADD CONSTRAINT fk FOREIGN KEY(x) REFERENCES s2.b (y) ON DELETE SET NULL ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED;

-- create foreign key [sqlite]
!! CommandError: This operation cannot proceed in --sql mode; batch mode with dialect sqlite requires a live database connection with which to reflect the table "a". To generate a batch SQL migration script using table "move and copy", a complete Table object should be passed to the "copy_from" argument of the batch_alter_table() method so that table reflection can be skipped.

-- create foreign key [mssql]
!! CommandError: cannot give table s1.a constraint fk: SQL Server does not know the word DEFERRABLE

-- create foreign key [oracle]
ALTER TABLE s1.a ADD CONSTRAINT fk FOREIGN KEY(x) REFERENCES s2.b (y) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;

-- create unnamed foreign key [postgresql, mysql, mariadb, mssql, oracle]
ALTER TABLE a ADD FOREIGN KEY(x, y) REFERENCES b (p, q);

-- create unnamed foreign key [sqlite]
!! CommandError: This operation cannot proceed in --sql mode; batch mode with dialect sqlite requires a live database connection with which to reflect the table "a". To generate a batch SQL migration script using table "move and copy", a complete Table object should be passed to the "copy_from" argument of the batch_alter_table() method so that table reflection can be skipped.

-- create foreign key to itself [postgresql]
ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY(x) REFERENCES t (y) MATCH FULL;

-- create foreign key to itself [mysql, mariadb]
!! CompileError: MySQL ignores the 'MATCH' keyword while at the same time causes ON UPDATE/ON DELETE clauses to be ignored.

-- create foreign key to itself [sqlite]
!! CommandError: This operation cannot proceed in --sql mode; batch mode with dialect sqlite requires a live database connection with which to reflect the table "t". To generate a batch SQL migration script using table "move and copy", a complete Table object should be passed to the "copy_from" argument of the batch_alter_table() method so that table reflection can be skipped.

-- create foreign key to itself [mssql]
!! CommandError: cannot give table t constraint f: SQL Server does not know the word MATCH

-- create foreign key to itself [oracle]
!! CommandError: cannot give table t constraint f: Oracle does not know the word MATCH

-- create primary key [postgresql, mysql, mariadb, mssql, oracle]
ALTER TABLE s.a ADD CONSTRAINT pk PRIMARY KEY (x, y);

-- create primary key [sqlite]
!! CommandError: This operation cannot proceed in --sql mode; batch mode with dialect sqlite requires a live database connection with which to reflect the table "a". To generate a batch SQL migration script using table "move and copy", a complete Table object should be passed to the "copy_from" argument of the batch_alter_table() method so that table reflection can be skipped.

-- create unique constraint [postgresql, mysql, mariadb, oracle]
ALTER TABLE a ADD CONSTRAINT uq UNIQUE (x, y) DEFERRABLE;

-- create unique constraint [sqlite]
!! CommandError: This operation cannot proceed in --sql mode; batch mode with dialect sqlite requires a live database connection with which to reflect the table "a". To generate a batch SQL migration script using table "move and copy", a complete Table object should be passed to the "copy_from" argument of the batch_alter_table() method so that table reflection can be skipped.

-- create unique constraint [mssql]
!! CommandError: cannot give table a constraint uq: SQL Server does not know the word DEFERRABLE

-- create check [postgresql, mysql, mariadb, mssql, oracle]
ALTER TABLE a ADD CONSTRAINT ck CHECK (x <> '5%');

-- create check [sqlite]
!! CommandError: This operation cannot proceed in --sql mode; batch mode with dialect sqlite requires a live database connection with which to reflect the table "a". To generate a batch SQL migration script using table "move and copy", a complete Table object should be passed to the "copy_from" argument of the batch_alter_table() method so that table reflection can be skipped.

-- create check with a colon [postgresql, mysql, mariadb, mssql, oracle]
ALTER TABLE a ADD CONSTRAINT ck CHECK (x <> ':b');

-- create check with a colon [sqlite]
!! CommandError: This operation cannot proceed in --sql mode; batch mode with dialect sqlite requires a live database connection with which to reflect the table "a". To generate a batch SQL migration script using table "move and copy", a complete Table object should be passed to the "copy_from" argument of the batch_alter_table() method so that table reflection can be skipped.

-- create check of an expression [postgresql]
ALTER TABLE s.a ADD CONSTRAINT ck CHECK (x > 5) NOT VALID;

-- create check of an expression [mysql, mariadb, mssql, oracle]
ALTER TABLE s.a ADD CONSTRAINT ck CHECK (x > 5);

-- create check of an expression [sqlite]
!! CommandError: This operation cannot proceed in --sql mode; batch mode with dialect sqlite requires a live database connection with which to reflect the table "a". To generate a batch SQL migration script using table "move and copy", a complete Table object should be passed to the "copy_from" argument of the batch_alter_table() method so that table reflection can be skipped.

-- create exclude constraint [postgresql]
ALTER TABLE s.a ADD CONSTRAINT ex EXCLUDE USING gist (x WITH =, y WITH &&) WHERE (x>5);

-- create exclude constraint [mysql]
!! CommandError: cannot add exclude constraint ex on s.a (x WITH =, y WITH &&): mysql has no EXCLUDE constraints

-- create exclude constraint [mariadb]
!! CommandError: cannot add exclude constraint ex on s.a (x WITH =, y WITH &&): mariadb has no EXCLUDE constraints

-- create exclude constraint [sqlite]
!! CommandError: cannot add exclude constraint ex on s.a (x WITH =, y WITH &&): sqlite has no EXCLUDE constraints

-- create exclude constraint [mssql]
!! CommandError: cannot add exclude constraint ex on s.a (x WITH =, y WITH &&): mssql has no EXCLUDE constraints

-- create exclude constraint [oracle]
!! CommandError: cannot add exclude constraint ex on s.a (x WITH =, y WITH &&): oracle has no EXCLUDE constraints

-- drop constraint [postgresql, mssql, oracle]
ALTER TABLE s.a DROP CONSTRAINT c;

-- drop constraint [mysql, mariadb]
!! NotImplementedError: No generic 'DROP CONSTRAINT' in MySQL - please specify constraint type

-- drop constraint [sqlite]
!! CommandError: This operation cannot proceed in --sql mode; batch mode with dialect sqlite requires a live database connection with which to reflect the table "a". To generate a batch SQL migration script using table "move and copy", a complete Table object should be passed to the "copy_from" argument of the batch_alter_table() method so that table reflection can be skipped.

-- drop foreign key [postgresql, mssql, oracle]
ALTER TABLE a DROP CONSTRAINT c;

-- drop foreign key [mysql, mariadb]
ALTER TABLE a DROP FOREIGN KEY c;

-- drop foreign key [sqlite]
!! CommandError: This operation cannot proceed in --sql mode; batch mode with dialect sqlite requires a live database connection with which to reflect the table "a". To generate a batch SQL migration script using table "move and copy", a complete Table object should be passed to the "copy_from" argument of the batch_alter_table() method so that table reflection can be skipped.

-- drop primary key [postgresql, mssql, oracle]
ALTER TABLE a DROP CONSTRAINT c;

-- drop primary key [mysql, mariadb]
ALTER TABLE a DROP PRIMARY KEY;

-- drop primary key [sqlite]
!! CommandError: This operation cannot proceed in --sql mode; batch mode with dialect sqlite requires a live database connection with which to reflect the table "a". To generate a batch SQL migration script using table "move and copy", a complete Table object should be passed to the "copy_from" argument of the batch_alter_table() method so that table reflection can be skipped.

-- drop unique constraint [postgresql, mssql, oracle]
ALTER TABLE a DROP CONSTRAINT c;

-- drop unique constraint [mysql, mariadb]
ALTER TABLE a DROP INDEX c;

-- drop unique constraint [sqlite]
!! CommandError: This operation cannot proceed in --sql mode; batch mode with dialect sqlite requires a live database connection with which to reflect the table "a". To generate a batch SQL migration script using table "move and copy", a complete Table object should be passed to the "copy_from" argument of the batch_alter_table() method so that table reflection can be skipped.

-- drop check [postgresql, mariadb, mssql, oracle]
ALTER TABLE a DROP CONSTRAINT c;

-- drop check [mysql]
ALTER TABLE a DROP CHECK c;

-- drop check [sqlite]
!! CommandError: This operation cannot proceed in --sql mode; batch mode with dialect sqlite requires a live database connection with which to reflect the table "a". To generate a batch SQL migration script using table "move and copy", a complete Table object should be passed to the "copy_from" argument of the batch_alter_table() method so that table reflection can be skipped.

-- drop check if exists [postgresql, mariadb, mssql]
ALTER TABLE a DROP CONSTRAINT IF EXISTS c;

-- drop check if exists [mysql]
ALTER TABLE a DROP CHECK c;

-- drop check if exists [sqlite]
!! CommandError: This operation cannot proceed in --sql mode; batch mode with dialect sqlite requires a live database connection with which to reflect the table "a". To generate a batch SQL migration script using table "move and copy", a complete Table object should be passed to the "copy_from" argument of the batch_alter_table() method so that table reflection can be skipped.

-- drop check if exists [oracle]
BEGIN
    EXECUTE IMMEDIATE 'ALTER TABLE a DROP CONSTRAINT c';
EXCEPTION
    WHEN OTHERS THEN
        IF SQLCODE != -2443 THEN
            RAISE;
        END IF;
END;;

-- create table [postgresql]
CREATE TYPE mood AS ENUM ('a', 'b');
CREATE TABLE IF NOT EXISTS s.a (
    id SERIAL NOT NULL, 
    x VARCHAR(9) DEFAULT 'it''s 5%', 
    y INTEGER NOT NULL, 
    e mood, 
    f mood, 
    PRIMARY KEY (id), 
    CONSTRAINT uq UNIQUE (x), 
    CHECK (x <> '%'), 
    FOREIGN KEY(y) REFERENCES s.u (id)
);
CREATE INDEX ix_s_a_x ON s.a (x);
COMMENT ON TABLE s.a IS 'tc';
COMMENT ON COLUMN s.a.x IS 'c';

-- create table [mysql, mariadb]
CREATE TABLE IF NOT EXISTS s.a (
    id INTEGER NOT NULL AUTO_INCREMENT, 
    x VARCHAR(9) COMMENT 'c' DEFAULT 'it''s 5%', 
    y INTEGER NOT NULL, 
    e ENUM('a','b'), 
    f ENUM('a','b'), 
    PRIMARY KEY (id), 
    CONSTRAINT uq UNIQUE (x), 
    CHECK (x <> '%'), 
    FOREIGN KEY(y) REFERENCES s.u (id)
)COMMENT='tc';
CREATE INDEX ix_s_a_x ON s.a (x);

-- create table [sqlite]
CREATE TABLE IF NOT EXISTS s.a (
    id INTEGER NOT NULL, 
    x VARCHAR(9) DEFAULT 'it''s 5%', 
    y INTEGER NOT NULL, 
    e VARCHAR(1), 
    f VARCHAR(1), 
    PRIMARY KEY (id), 
    CONSTRAINT uq UNIQUE (x), 
    CHECK (x <> '%'), 
    FOREIGN KEY(y) REFERENCES u (id)
);
CREATE INDEX s.ix_s_a_x ON a (x);

-- create table [mssql]
IF OBJECT_ID('s.a', 'U') IS NULL
CREATE TABLE s.a (
    id INTEGER NOT NULL IDENTITY, 
    x VARCHAR(9) NULL DEFAULT 'it''s 5%', 
    y INTEGER NOT NULL, 
    e VARCHAR(1) NULL, 
    f VARCHAR(1) NULL, 
    PRIMARY KEY (id), 
    CONSTRAINT uq UNIQUE (x), 
    CHECK (x <> '%'), 
    FOREIGN KEY(y) REFERENCES s.u (id)
);
CREATE INDEX ix_s_a_x ON s.a (x);
exec sp_addextendedproperty 'MS_Description', N'tc', 'schema', s, 'table', a;
exec sp_addextendedproperty 'MS_Description', N'c', 'schema', s, 'table', a, 'column', x;

-- create table [oracle]
BEGIN
    EXECUTE IMMEDIATE 'CREATE TABLE s.a (
    id INTEGER NOT NULL, 
    x VARCHAR2(9 CHAR) DEFAULT ''it''''s 5%'', 
    y INTEGER NOT NULL, 
    e VARCHAR(1 CHAR), 
    f VARCHAR(1 CHAR), 
    PRIMARY KEY (id), 
    CONSTRAINT uq UNIQUE (x), 
    CHECK (x <> ''%''), 
    FOREIGN KEY(y) REFERENCES s.u (id)
)';
EXCEPTION
    WHEN OTHERS THEN
        IF SQLCODE != -955 THEN
            RAISE;
        END IF;
END;;
CREATE INDEX s.ix_s_a_x ON s.a (x);
COMMENT ON TABLE s.a IS 'tc';
COMMENT ON COLUMN s.a.x IS 'c';

-- create tables of one enum [postgresql]
CREATE TYPE mood AS ENUM ('a', 'b');
CREATE TABLE a (
    e mood
);
CREATE TABLE b (
    e mood
);

-- create tables of one enum [mysql, mariadb]
CREATE TABLE a (
    e ENUM('a','b')
);
CREATE TABLE b (
    e ENUM('a','b')
);

-- create tables of one enum [sqlite]
CREATE TABLE a (
    e VARCHAR(1)
);
CREATE TABLE b (
    e VARCHAR(1)
);

-- create tables of one enum [mssql]
CREATE TABLE a (
    e VARCHAR(1) NULL
);
CREATE TABLE b (
    e VARCHAR(1) NULL
);

-- create tables of one enum [oracle]
CREATE TABLE a (
    e VARCHAR(1 CHAR)
);
CREATE TABLE b (
    e VARCHAR(1 CHAR)
);

-- create table of types [postgresql]
CREATE TYPE zz.e1 AS ENUM ('a');
CREATE TYPE e4 AS ENUM ('b');
CREATE TABLE ss.t (
    x zz.e1, 
    w e4
);

-- create table of types [mysql, mariadb]
CREATE TABLE ss.t (
    x ENUM('a'), 
    w VARCHAR(5)
);

-- create table of types [sqlite]
CREATE TABLE ss.t (
    x VARCHAR(1), 
    w VARCHAR(5)
);

-- create table of types [mssql]
CREATE TABLE ss.t (
    x VARCHAR(1) NULL, 
    w VARCHAR(5) NULL
);

-- create table of types [oracle]
CREATE TABLE ss.t (
    x VARCHAR(1 CHAR), 
    w VARCHAR2(5 CHAR)
);

-- create table, foreign key later [postgresql, mysql, mariadb, oracle]
CREATE TABLE t (
    x INTEGER
);
ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY(x) REFERENCES u (id);

-- create table, foreign key later [sqlite]
CREATE TABLE t (
    x INTEGER, 
    CONSTRAINT fk FOREIGN KEY(x) REFERENCES u (id)
);

-- create table, foreign key later [mssql]
CREATE TABLE t (
    x INTEGER NULL
);
ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY(x) REFERENCES u (id);

-- drop table [postgresql, mysql, mariadb, sqlite, mssql, oracle]
DROP TABLE s.a;

-- drop table if exists [postgresql, mysql, mariadb, sqlite, mssql]
DROP TABLE IF EXISTS a;

-- drop table if exists [oracle]
BEGIN
    EXECUTE IMMEDIATE 'DROP TABLE a';
EXCEPTION
    WHEN OTHERS THEN
        IF SQLCODE != -942 THEN
            RAISE;
        END IF;
END;;

-- rename table [postgresql, sqlite, oracle]
ALTER TABLE s.a RENAME TO b;

-- rename table [mysql, mariadb]
ALTER TABLE s.a RENAME TO s.b;

-- rename table [mssql]
EXEC sp_rename 's.a', b;

-- rename in quotes [postgresql, sqlite]
ALTER TABLE "My T" RENAME TO "Select";
ALTER TABLE "My T" ADD COLUMN "User" INTEGER;
ALTER TABLE "My T" DROP COLUMN "a b";

-- rename in quotes [mysql, mariadb]
ALTER TABLE `My T` RENAME TO `Select`;
ALTER TABLE `My T` ADD COLUMN `User` INTEGER;
ALTER TABLE `My T` DROP COLUMN `a b`;

-- rename in quotes [mssql]
EXEC sp_rename '[My T]', [Select];
ALTER TABLE [My T] ADD [User] INTEGER NULL;
ALTER TABLE [My T] DROP COLUMN [a b];

-- rename in quotes [oracle]
ALTER TABLE "My T" RENAME TO "Select";
ALTER TABLE "My T" ADD "User" INTEGER;
ALTER TABLE "My T" DROP COLUMN "a b";

-- create table comment [postgresql, oracle]
COMMENT ON TABLE s.a IS 'it''s 5% :x';

-- create table comment [mysql, mariadb]
ALTER TABLE s.a COMMENT 'it''s 5% :x';

-- create table comment [sqlite]


-- create table comment [mssql]
if exists (select 1 from sys.fn_listextendedproperty('MS_Description', 'schema', N's', 'table', N'a', NULL, NULL))
exec sp_updateextendedproperty 'MS_Description', N'it''s 5% :x', 'schema', s, 'table', a
else
exec sp_addextendedproperty 'MS_Description', N'it''s 5% :x', 'schema', s, 'table', a;

-- drop table comment [postgresql]
COMMENT ON TABLE a IS NULL;

-- drop table comment [mysql, mariadb]
ALTER TABLE a COMMENT '';

-- drop table comment [sqlite]


-- drop table comment [mssql]
if exists (select 1 from sys.fn_listextendedproperty('MS_Description', 'schema', N'dbo', 'table', N'a', NULL, NULL))
exec sp_dropextendedproperty 'MS_Description', 'schema', dbo, 'table', a;

-- drop table comment [oracle]
COMMENT ON TABLE a IS '';

-- create index [postgresql]
CREATE UNIQUE INDEX ix ON s.a USING btree (x, lower(y)) WHERE x LIKE 'a%';

-- create index [mysql, mariadb]
CREATE UNIQUE INDEX ix ON s.a (x, (lower(y)));

-- create index [sqlite]
CREATE UNIQUE INDEX s.ix ON a (x, lower(y));

-- create index [mssql]
CREATE UNIQUE INDEX ix ON s.a (x, lower(y));

-- create index [oracle]
CREATE UNIQUE INDEX s.ix ON s.a (x, lower(y));

-- create index with options [postgresql]
CREATE INDEX CONCURRENTLY IF NOT EXISTS ix ON a (x text_ops, y) INCLUDE (z) WITH (fillfactor = 50);

-- create index with options [mysql]
CREATE INDEX IF NOT EXISTS ix ON a (x(5), y);

-- create index with options [mariadb, sqlite]
CREATE INDEX IF NOT EXISTS ix ON a (x, y);

-- create index with options [mssql]
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID('a') AND name = 'ix')
CREATE INDEX ix ON a (x, y);

-- create index with options [oracle]
BEGIN
    EXECUTE IMMEDIATE 'CREATE INDEX ix ON a (x, y)';
EXCEPTION
    WHEN OTHERS THEN
        IF SQLCODE != -955 THEN
            RAISE;
        END IF;
END;;

-- create index on text [postgresql, mysql, mariadb, sqlite, mssql, oracle]
CREATE INDEX ix ON a (x DESC);

-- drop index [postgresql]
DROP INDEX CONCURRENTLY s.ix;

-- drop index [mysql, mariadb, mssql]
DROP INDEX ix ON s.a;

-- drop index [sqlite, oracle]
DROP INDEX s.ix;

-- drop index if exists [postgresql, sqlite]
DROP INDEX IF EXISTS ix;

-- drop index if exists [mysql, mariadb, mssql]
DROP INDEX IF EXISTS ix ON a;

-- drop index if exists [oracle]
BEGIN
    EXECUTE IMMEDIATE 'DROP INDEX ix';
EXCEPTION
    WHEN OTHERS THEN
        IF SQLCODE != -1418 THEN
            RAISE;
        END IF;
END;;

-- drop index of unknown table [postgresql, sqlite, oracle]
DROP INDEX ix;

-- drop index of unknown table [mysql, mariadb]
!! CommandError: cannot drop index ix: on MySQL an index belongs to its table

-- drop index of unknown table [mssql]
!! CommandError: cannot drop index ix: on SQL Server an index belongs to its table

-- insert rows [postgresql, mysql, mariadb, sqlite]
INSERT INTO a (x, y, d) VALUES (1, 'it''s 5% :z', '2020-01-02');
INSERT INTO a (x, y, d) VALUES (2, 'q', NULL);

-- insert rows [mssql]
IF EXISTS (SELECT 1 FROM sys.identity_columns WHERE object_id = OBJECT_ID('a') AND name IN ('x'))
SET IDENTITY_INSERT a ON;
INSERT INTO a (x, y, d) VALUES (1, 'it''s 5% :z', '2020-01-02');
INSERT INTO a (x, y, d) VALUES (2, 'q', NULL);
IF EXISTS (SELECT 1 FROM sys.identity_columns WHERE object_id = OBJECT_ID('a') AND name IN ('x'))
SET IDENTITY_INSERT a OFF;

-- insert rows [oracle]
INSERT INTO a (x, y, d) VALUES (1, 'it''s 5% :z', TO_DATE('2020-01-02', 'YYYY-MM-DD'));
INSERT INTO a (x, y, d) VALUES (2, 'q', NULL);

-- insert no rows [postgresql, mysql, mariadb, sqlite, mssql, oracle]


-- insert rows one by one [postgresql, mysql, mariadb, sqlite, oracle]
INSERT INTO a (x) VALUES (1);
INSERT INTO a (y) VALUES ('z');

-- insert rows one by one [mssql]
IF EXISTS (SELECT 1 FROM sys.identity_columns WHERE object_id = OBJECT_ID('a') AND name IN ('x'))
SET IDENTITY_INSERT a ON;
INSERT INTO a (x) VALUES (1);
IF EXISTS (SELECT 1 FROM sys.identity_columns WHERE object_id = OBJECT_ID('a') AND name IN ('x'))
SET IDENTITY_INSERT a OFF;
INSERT INTO a (y) VALUES ('z');

-- execute words [postgresql, mysql, mariadb, sqlite, mssql, oracle]
UPDATE t SET x='a%b:c' WHERE y = '10:30';

-- execute words with a colon [postgresql, mysql, mariadb, sqlite, mssql, oracle]
SELECT ':foo', x::int;

-- execute a statement [postgresql, mysql, mariadb, sqlite, mssql, oracle]
UPDATE t SET x='5%:c';

-- execute a statement with values [postgresql, mysql, mariadb, sqlite, mssql, oracle]
UPDATE t SET x='5%:c';

-- named: add column [postgresql, mysql, mariadb]
ALTER TABLE t ADD COLUMN x INTEGER;
ALTER TABLE t ADD CONSTRAINT fk_t_x_u FOREIGN KEY(x) REFERENCES u (id);
CREATE UNIQUE INDEX ix__t_x ON t (x);

-- named: add column [sqlite]
ALTER TABLE t ADD COLUMN x INTEGER CONSTRAINT fk_t_x_u REFERENCES u (id);
CREATE UNIQUE INDEX ix__t_x ON t (x);

-- named: add column [mssql]
ALTER TABLE t ADD x INTEGER NULL;
ALTER TABLE t ADD CONSTRAINT fk_t_x_u FOREIGN KEY(x) REFERENCES u (id);
CREATE UNIQUE INDEX ix__t_x ON t (x);

-- named: add column [oracle]
ALTER TABLE t ADD x INTEGER;
ALTER TABLE t ADD CONSTRAINT fk_t_x_u FOREIGN KEY(x) REFERENCES u (id);
CREATE UNIQUE INDEX ix__t_x ON t (x);

-- named: check [postgresql, mysql, mariadb, mssql, oracle]
ALTER TABLE t ADD CONSTRAINT ck_t_foo CHECK (x>1);

-- named: check [sqlite]
!! CommandError: This operation cannot proceed in --sql mode; batch mode with dialect sqlite requires a live database connection with which to reflect the table "t". To generate a batch SQL migration script using table "move and copy", a complete Table object should be passed to the "copy_from" argument of the batch_alter_table() method so that table reflection can be skipped.

-- named: check by op.f [postgresql, mysql, mariadb, mssql, oracle]
ALTER TABLE t ADD CONSTRAINT foo CHECK (x>1);

-- named: check by op.f [sqlite]
!! CommandError: This operation cannot proceed in --sql mode; batch mode with dialect sqlite requires a live database connection with which to reflect the table "t". To generate a batch SQL migration script using table "move and copy", a complete Table object should be passed to the "copy_from" argument of the batch_alter_table() method so that table reflection can be skipped.

-- named: unnamed unique [postgresql, mysql, mariadb, mssql, oracle]
ALTER TABLE t ADD CONSTRAINT uq_t_x UNIQUE (x, y);

-- named: unnamed unique [sqlite]
!! CommandError: This operation cannot proceed in --sql mode; batch mode with dialect sqlite requires a live database connection with which to reflect the table "t". To generate a batch SQL migration script using table "move and copy", a complete Table object should be passed to the "copy_from" argument of the batch_alter_table() method so that table reflection can be skipped.

-- named: unique [postgresql, mysql, mariadb, mssql, oracle]
ALTER TABLE t ADD CONSTRAINT foo UNIQUE (x);

-- named: unique [sqlite]
!! CommandError: This operation cannot proceed in --sql mode; batch mode with dialect sqlite requires a live database connection with which to reflect the table "t". To generate a batch SQL migration script using table "move and copy", a complete Table object should be passed to the "copy_from" argument of the batch_alter_table() method so that table reflection can be skipped.

-- named: unnamed index [postgresql, mysql, mariadb, sqlite, mssql, oracle]
CREATE INDEX ix__t_x ON t (x, y);

-- named: unnamed foreign key [postgresql, mysql, mariadb, mssql, oracle]
ALTER TABLE t ADD CONSTRAINT fk_t_x_u FOREIGN KEY(x) REFERENCES u (y);

-- named: unnamed foreign key [sqlite]
!! CommandError: This operation cannot proceed in --sql mode; batch mode with dialect sqlite requires a live database connection with which to reflect the table "t". To generate a batch SQL migration script using table "move and copy", a complete Table object should be passed to the "copy_from" argument of the batch_alter_table() method so that table reflection can be skipped.

-- named: unnamed primary key [postgresql, mysql, mariadb, mssql, oracle]
ALTER TABLE t ADD CONSTRAINT pk_t PRIMARY KEY (x);

-- named: unnamed primary key [sqlite]
!! CommandError: This operation cannot proceed in --sql mode; batch mode with dialect sqlite requires a live database connection with which to reflect the table "t". To generate a batch SQL migration script using table "move and copy", a complete Table object should be passed to the "copy_from" argument of the batch_alter_table() method so that table reflection can be skipped.

-- named: drop check [postgresql, mariadb, mssql, oracle]
ALTER TABLE t DROP CONSTRAINT ck_t_foo;

-- named: drop check [mysql]
ALTER TABLE t DROP CHECK ck_t_foo;

-- named: drop check [sqlite]
!! CommandError: This operation cannot proceed in --sql mode; batch mode with dialect sqlite requires a live database connection with which to reflect the table "t". To generate a batch SQL migration script using table "move and copy", a complete Table object should be passed to the "copy_from" argument of the batch_alter_table() method so that table reflection can be skipped.

-- named: drop check by op.f [postgresql, mariadb, mssql, oracle]
ALTER TABLE t DROP CONSTRAINT foo;

-- named: drop check by op.f [mysql]
ALTER TABLE t DROP CHECK foo;

-- named: drop check by op.f [sqlite]
!! CommandError: This operation cannot proceed in --sql mode; batch mode with dialect sqlite requires a live database connection with which to reflect the table "t". To generate a batch SQL migration script using table "move and copy", a complete Table object should be passed to the "copy_from" argument of the batch_alter_table() method so that table reflection can be skipped.

-- named: drop of unknown kind [postgresql, mssql, oracle]
ALTER TABLE t DROP CONSTRAINT foo;

-- named: drop of unknown kind [mysql, mariadb]
!! NotImplementedError: No generic 'DROP CONSTRAINT' in MySQL - please specify constraint type

-- named: drop of unknown kind [sqlite]
!! CommandError: This operation cannot proceed in --sql mode; batch mode with dialect sqlite requires a live database connection with which to reflect the table "t". To generate a batch SQL migration script using table "move and copy", a complete Table object should be passed to the "copy_from" argument of the batch_alter_table() method so that table reflection can be skipped.

-- named: create table [postgresql, mysql, mariadb, sqlite, mssql, oracle]
CREATE TABLE t (
    x INTEGER NOT NULL, 
    CONSTRAINT pk_t PRIMARY KEY (x), 
    CONSTRAINT ck_t_foo CHECK (x>5), 
    CONSTRAINT uq_t_x UNIQUE (x), 
    CONSTRAINT fk_t_x_u FOREIGN KEY(x) REFERENCES u (y)
);

-- mssql: rename table to an awkward name [mssql]
EXEC sp_rename '[My S].[a.b]', [it's]]];

-- mssql: rename table of another database [mssql]
EXEC sales.sys.sp_rename 'dbo.t', u;

-- mssql: rename table of a schema with a dot [mssql]
EXEC sp_rename '[a.b].t', u;

-- mssql: rename table beyond the code page [mssql]
EXEC sp_rename N'[täb]', [тест];

-- mssql: rename column in a schema [mssql]
EXEC sp_rename 's.t.x', [Y z], 'COLUMN';

-- mssql: rename column to an awkward name [mssql]
EXEC sp_rename '[My T].[a.b]', [a]]b], 'COLUMN';

-- mssql: rename column of another database [mssql]
EXEC [my db].sys.sp_rename 'dbo.t.x', y, 'COLUMN';

-- mssql: alter nullable of a new type [mssql]
ALTER TABLE s.t ALTER COLUMN x NVARCHAR(5) NULL;

-- mssql: alter type and keep it nullable [mssql]
ALTER TABLE t ALTER COLUMN x DATETIMEOFFSET(3) NULL;

-- mssql: alter length beside a default [mssql]
ALTER TABLE t ALTER COLUMN x VARCHAR(50) NOT NULL;

-- mssql: alter type beside a default [mssql]
declare @const_name varchar(256)
select @const_name = QUOTENAME([name]) from sys.default_constraints
where parent_object_id = object_id('t')
and col_name(parent_object_id, parent_column_id) = 'x'
exec('alter table t drop constraint ' + @const_name);
ALTER TABLE t ALTER COLUMN x DATE NOT NULL;
ALTER TABLE t ADD DEFAULT (getdate()) FOR x;

-- mssql: alter type and default [mssql]
declare @const_name varchar(256)
select @const_name = QUOTENAME([name]) from sys.default_constraints
where parent_object_id = object_id('t')
and col_name(parent_object_id, parent_column_id) = 'x'
exec('alter table t drop constraint ' + @const_name);
ALTER TABLE t ALTER COLUMN x BIGINT NOT NULL;
ALTER TABLE t ADD DEFAULT '6' FOR x;

-- mssql: alter type and drop default [mssql]
declare @const_name varchar(256)
select @const_name = QUOTENAME([name]) from sys.default_constraints
where parent_object_id = object_id('t')
and col_name(parent_object_id, parent_column_id) = 'x'
exec('alter table t drop constraint ' + @const_name);
ALTER TABLE t ALTER COLUMN x BIGINT NOT NULL;

-- mssql: alter type of an identity [mssql]
ALTER TABLE t ALTER COLUMN x BIGINT NOT NULL;

-- mssql: alter default, there is one [mssql]
declare @const_name varchar(256)
select @const_name = QUOTENAME([name]) from sys.default_constraints
where parent_object_id = object_id('s.t')
and col_name(parent_object_id, parent_column_id) = 'x'
exec('alter table s.t drop constraint ' + @const_name);
ALTER TABLE s.t ADD DEFAULT newid() FOR x;

-- mssql: alter default, there is none [mssql]
declare @const_name varchar(256)
select @const_name = QUOTENAME([name]) from sys.default_constraints
where parent_object_id = object_id('t')
and col_name(parent_object_id, parent_column_id) = 'x'
exec('alter table t drop constraint ' + @const_name);
ALTER TABLE t ADD DEFAULT 'it''s' FOR x;

-- mssql: alter default beyond the code page [mssql]
ALTER TABLE t ADD DEFAULT N'ж' FOR x;

-- mssql: drop default, awkward names [mssql]
EXEC a.sys.sp_executesql N'declare @const_name varchar(256)
select @const_name = QUOTENAME([name]) from sys.default_constraints
where parent_object_id = object_id(''b.[My ''''T'''']'')
and col_name(parent_object_id, parent_column_id) = ''o''''x''
exec(''alter table b.[My ''''T''''] drop constraint '' + @const_name)';

-- mssql: drop default beyond the code page [mssql]
declare @const_name nvarchar(258)
select @const_name = QUOTENAME([name]) from sys.default_constraints
where parent_object_id = object_id(N'[täb]')
and col_name(parent_object_id, parent_column_id) = N'ö'
exec(N'alter table [täb] drop constraint ' + @const_name);

-- mssql: drop column with all that hangs on it [mssql]
declare @const_name varchar(256)
select @const_name = QUOTENAME([name]) from sys.default_constraints
where parent_object_id = object_id('s.t')
and col_name(parent_object_id, parent_column_id) = 'x'
exec('alter table s.t drop constraint ' + @const_name);
declare @const_name varchar(256)
select @const_name = QUOTENAME([name]) from sys.check_constraints
where parent_object_id = object_id('s.t')
and col_name(parent_object_id, parent_column_id) = 'x'
exec('alter table s.t drop constraint ' + @const_name);
declare @const_name varchar(256)
select @const_name = QUOTENAME([name]) from
sys.foreign_keys fk join sys.foreign_key_columns fkc
on fk.object_id=fkc.constraint_object_id
where fkc.parent_object_id = object_id('s.t')
and col_name(fkc.parent_object_id, fkc.parent_column_id) = 'x'
exec('alter table s.t drop constraint ' + @const_name);
ALTER TABLE s.t DROP COLUMN x;

-- mssql: drop column with its default, if exists [mssql]
declare @const_name varchar(256)
select @const_name = QUOTENAME([name]) from sys.default_constraints
where parent_object_id = object_id('t')
and col_name(parent_object_id, parent_column_id) = 'x'
exec('alter table t drop constraint ' + @const_name);
ALTER TABLE t DROP COLUMN IF EXISTS x;

-- mssql: keep what is told to stay [mssql]
ALTER TABLE t DROP COLUMN x;

-- mssql: comment on a new column [mssql]
ALTER TABLE t ADD x INTEGER NULL;
exec sp_addextendedproperty 'MS_Description', N'it''s ж', 'schema', dbo, 'table', t, 'column', x;

-- mssql: another comment [mssql]
exec sp_updateextendedproperty 'MS_Description', N'new', 'schema', dbo, 'table', t, 'column', x;

-- mssql: drop a known comment [mssql]
exec sp_dropextendedproperty 'MS_Description', 'schema', dbo, 'table', t, 'column', x;

-- mssql: drop an unknown comment [mssql]
if exists (select 1 from sys.fn_listextendedproperty('MS_Description', 'schema', N'My S', 'table', N'user', 'column', N'o''x'))
exec sp_dropextendedproperty 'MS_Description', 'schema', [My S], 'table', [user], 'column', [o'x];

-- mssql: comment in another database [mssql]
exec sales.sys.sp_updateextendedproperty 'MS_Description', N'c', 'schema', dbo, 'table', t, 'column', x;

-- mssql: another table comment [mssql]
exec sp_updateextendedproperty 'MS_Description', N'new', 'schema', s, 'table', t;

-- mssql: drop a known table comment [mssql]
exec sp_dropextendedproperty 'MS_Description', 'schema', dbo, 'table', t;

-- mssql: comments on a new table [mssql]
CREATE TABLE t (
    x INTEGER NULL
);
exec sp_addextendedproperty 'MS_Description', N'tc', 'schema', dbo, 'table', t;
exec sp_addextendedproperty 'MS_Description', N'cc', 'schema', dbo, 'table', t, 'column', x;

-- mssql: add identity column [mssql]
ALTER TABLE t ADD x BIGINT NOT NULL IDENTITY(5,2);

-- mssql: add column with collation [mssql]
ALTER TABLE t ADD x VARCHAR(5) COLLATE Latin1_General_BIN NOT NULL DEFAULT '';

-- mssql: add timestamp column [mssql]
ALTER TABLE t ADD x ROWVERSION NULL;

-- mssql: add column in another database [mssql]
IF COL_LENGTH('sales.dbo.t', 'x') IS NULL
ALTER TABLE sales.dbo.t ADD x INTEGER NULL;

-- mssql: create table with clustered key [mssql]
CREATE TABLE t (
    a INTEGER NOT NULL, 
    b NVARCHAR(9) NULL DEFAULT N'ж', 
    CONSTRAINT pk PRIMARY KEY NONCLUSTERED (a), 
    CONSTRAINT uq UNIQUE CLUSTERED (b)
);

-- mssql: create table if not exists [mssql]
IF OBJECT_ID('s.[My T]', 'U') IS NULL
CREATE TABLE s.[My T] (
    a INTEGER NULL
);

-- mssql: drop table if exists [mssql]
DROP TABLE IF EXISTS s.t;

-- mssql: create filtered index [mssql]
CREATE UNIQUE INDEX ix ON s.t (a, b DESC) INCLUDE (c, d) WHERE a > 5;

-- mssql: create clustered index [mssql]
CREATE CLUSTERED INDEX ix ON t (a);

-- mssql: create nonclustered index [mssql]
CREATE NONCLUSTERED INDEX ix ON t (a);

-- mssql: create columnstore index [mssql]
CREATE CLUSTERED COLUMNSTORE INDEX ix ON t;

-- mssql: create index if not exists [mssql]
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID('s.[My T]') AND name = 'i''x')
CREATE INDEX [i'x] ON s.[My T] (a);

-- mssql: create index if not exists in another database [mssql]
IF NOT EXISTS (SELECT 1 FROM sales.sys.indexes WHERE object_id = OBJECT_ID('sales.dbo.t') AND name = 'ix')
CREATE INDEX ix ON sales.dbo.t (a);

-- mssql: drop index if exists [mssql]
DROP INDEX IF EXISTS ix ON s.t;

-- mssql: drop index [mssql]
DROP INDEX [i x] ON [My T];

-- mssql: drop constraint if exists [mssql]
ALTER TABLE s.t DROP CONSTRAINT IF EXISTS uq;

-- mssql: insert rows that say their number [mssql]
SET IDENTITY_INSERT t ON;
INSERT INTO t (id, name) VALUES (1, N'ж');
INSERT INTO t (id, name) VALUES (2, NULL);
SET IDENTITY_INSERT t OFF;

-- mssql: insert rows that are numbered [mssql]
INSERT INTO t (name) VALUES (N'a');
INSERT INTO t (name) VALUES (N'it''s');

-- mssql: insert rows of both kinds [mssql]
INSERT INTO s.t (name) VALUES (N'a');
SET IDENTITY_INSERT s.t ON;
INSERT INTO s.t (id, name) VALUES (7, N'b');
SET IDENTITY_INSERT s.t OFF;
INSERT INTO s.t (name) VALUES (N'c');

-- mssql: insert rows without numbering [mssql]
INSERT INTO t (id) VALUES (1);

-- mssql: insert rows, identity elsewhere [mssql]
SET IDENTITY_INSERT t ON;
INSERT INTO t (code, n) VALUES ('a', 1);
SET IDENTITY_INSERT t OFF;

-- mssql: insert rows into a table by name [mssql]
SET IDENTITY_INSERT t ON;
INSERT INTO t (id, x) VALUES (1, N'ж');
SET IDENTITY_INSERT t OFF;

-- mssql: insert rows, the number unknown [mssql]
IF EXISTS (SELECT 1 FROM sales.sys.identity_columns WHERE object_id = OBJECT_ID('sales.dbo.t') AND name IN ('k', 'n'))
SET IDENTITY_INSERT sales.dbo.t ON;
INSERT INTO sales.dbo.t (k, n, x) VALUES (1, 2, 'a');
IF EXISTS (SELECT 1 FROM sales.sys.identity_columns WHERE object_id = OBJECT_ID('sales.dbo.t') AND name IN ('k', 'n'))
SET IDENTITY_INSERT sales.dbo.t OFF;

-- mssql: insert rows without numbers [mssql]
INSERT INTO t (x) VALUES ('a');

-- mssql: insert a column of unknown type [mssql]
IF EXISTS (SELECT 1 FROM sys.identity_columns WHERE object_id = OBJECT_ID('t') AND name IN ('x'))
SET IDENTITY_INSERT t ON;
INSERT INTO t (x) VALUES (N'ж');
IF EXISTS (SELECT 1 FROM sys.identity_columns WHERE object_id = OBJECT_ID('t') AND name IN ('x'))
SET IDENTITY_INSERT t OFF;

-- mssql: statement beyond the code page [mssql]
UPDATE t SET x=N'ж';

-- mssql: values that mean the same everywhere [mssql]
INSERT INTO t (d, w, e, z, b) VALUES ('2020-01-02', '2020-01-02T03:04:05.678', '2020-01-02T03:04:05.678901', '2020-01-02T03:04:05.678901+00:00', 0x01ff);

-- mssql: types of a server of today [mssql]
ALTER TABLE t ADD x VARCHAR(max) NOT NULL;

-- oracle: add column in a schema [oracle]
ALTER TABLE s."My T" ADD "User" VARCHAR2(9 CHAR) DEFAULT 'it''s' NOT NULL;

-- oracle: add column with all that belongs to it [oracle]
ALTER TABLE t ADD x INTEGER CONSTRAINT ck CHECK (x > 0);
ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY(x) REFERENCES u (id) ON DELETE CASCADE;
CREATE INDEX ix_t_x ON t (x);
COMMENT ON COLUMN t.x IS 'it''s';

-- oracle: add virtual column [oracle]
ALTER TABLE t ADD x INTEGER GENERATED ALWAYS AS (a * 2);

-- oracle: add identity column [oracle]
ALTER TABLE t ADD x INTEGER GENERATED ALWAYS AS IDENTITY (INCREMENT BY 2 START WITH 3 ORDER);

-- oracle: add identity column on null [oracle]
ALTER TABLE t ADD x INTEGER GENERATED BY DEFAULT ON NULL AS IDENTITY;

-- oracle: add column if not exists [oracle]
BEGIN
    EXECUTE IMMEDIATE 'ALTER TABLE t ADD x VARCHAR2(9 CHAR) DEFAULT ''it''''s''';
EXCEPTION
    WHEN OTHERS THEN
        IF SQLCODE != -1430 THEN
            RAISE;
        END IF;
END;;

-- oracle: drop column if exists [oracle]
BEGIN
    EXECUTE IMMEDIATE 'ALTER TABLE s."My T" DROP COLUMN x';
EXCEPTION
    WHEN OTHERS THEN
        IF SQLCODE != -904 THEN
            RAISE;
        END IF;
END;;

-- oracle: alter all in a schema [oracle]
ALTER TABLE s.t MODIFY x NOT NULL;
ALTER TABLE s.t MODIFY x DEFAULT 5;
ALTER TABLE s.t MODIFY x NUMBER(10, 2);
COMMENT ON COLUMN s.t.x IS 'it''s';
ALTER TABLE s.t RENAME COLUMN x TO "Y";

-- oracle: alter type only [oracle]
ALTER TABLE t MODIFY x DATE;

-- oracle: drop default [oracle]
ALTER TABLE s.t MODIFY x DEFAULT NULL;

-- oracle: drop comment [oracle]
COMMENT ON COLUMN "My S".t.x IS '';

-- oracle: add identity [oracle]
ALTER TABLE t MODIFY x GENERATED BY DEFAULT AS IDENTITY (START WITH 3 CACHE 5);

-- oracle: alter identity [oracle]
ALTER TABLE t MODIFY x GENERATED ALWAYS AS IDENTITY (INCREMENT BY 2);

-- oracle: drop identity [oracle]
ALTER TABLE s.t MODIFY x DROP IDENTITY;

-- oracle: identity to default [oracle]
ALTER TABLE t MODIFY x DROP IDENTITY;
ALTER TABLE t MODIFY x DEFAULT 0;

-- oracle: rename table [oracle]
ALTER TABLE s."My T" RENAME TO "it's";

-- oracle: create table with options [oracle]
CREATE TABLE t (
    id INTEGER GENERATED BY DEFAULT AS IDENTITY, 
    x CLOB, 
    PRIMARY KEY (id)
)
 COMPRESS FOR OLTP
 TABLESPACE users;

-- oracle: create temporary table [oracle]
CREATE GLOBAL TEMPORARY TABLE t (
    x INTEGER
)
 ON COMMIT PRESERVE ROWS;

-- oracle: create table if not exists [oracle]
BEGIN
    EXECUTE IMMEDIATE 'CREATE TABLE t (
    x VARCHAR2(3 CHAR) DEFAULT ''a''
)';
EXCEPTION
    WHEN OTHERS THEN
        IF SQLCODE != -955 THEN
            RAISE;
        END IF;
END;;

-- oracle: create table with comments [oracle]
CREATE TABLE s.t (
    x INTEGER
);
COMMENT ON TABLE s.t IS 'it''s';
COMMENT ON COLUMN s.t.x IS 'cc';

-- oracle: drop table if exists [oracle]
BEGIN
    EXECUTE IMMEDIATE 'DROP TABLE s."My T"';
EXCEPTION
    WHEN OTHERS THEN
        IF SQLCODE != -942 THEN
            RAISE;
        END IF;
END;;

-- oracle: drop table comment [oracle]
COMMENT ON TABLE s.t IS '';

-- oracle: create bitmap index [oracle]
CREATE BITMAP INDEX s.ix ON s.t (a);

-- oracle: create compressed index [oracle]
CREATE UNIQUE INDEX ix ON t (a, b) COMPRESS 1;

-- oracle: create index of an expression [oracle]
CREATE INDEX ix ON t (upper(a), b DESC);

-- oracle: create index if not exists [oracle]
BEGIN
    EXECUTE IMMEDIATE 'CREATE INDEX ix ON t (a)';
EXCEPTION
    WHEN OTHERS THEN
        IF SQLCODE != -955 THEN
            RAISE;
        END IF;
END;;

-- oracle: drop index if exists [oracle]
BEGIN
    EXECUTE IMMEDIATE 'DROP INDEX s.ix';
EXCEPTION
    WHEN OTHERS THEN
        IF SQLCODE != -1418 THEN
            RAISE;
        END IF;
END;;

-- oracle: create foreign key [oracle]
ALTER TABLE s.t ADD CONSTRAINT fk FOREIGN KEY(a) REFERENCES r.u (b) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;

-- oracle: create check [oracle]
ALTER TABLE t ADD CONSTRAINT ck CHECK (x <> ':b');

-- oracle: drop constraint if exists [oracle]
BEGIN
    EXECUTE IMMEDIATE 'ALTER TABLE s.t DROP CONSTRAINT uq';
EXCEPTION
    WHEN OTHERS THEN
        IF SQLCODE != -2443 THEN
            RAISE;
        END IF;
END;;

-- oracle: drop primary key without a name [oracle]
ALTER TABLE s.t DROP PRIMARY KEY;

-- oracle: insert rows [oracle]
INSERT INTO t (d, b, w) VALUES (TO_DATE('2020-01-02', 'YYYY-MM-DD'), HEXTORAW('01ff'), TO_DATE('2020-01-02 03:04:05', 'YYYY-MM-DD HH24:MI:SS'));
INSERT INTO t (d, b, w) VALUES (NULL, NULL, TO_TIMESTAMP_TZ('2020-01-02 03:04:05.006000 +00:00', 'YYYY-MM-DD HH24:MI:SS.FF TZH:TZM'));

-- oracle: execute a block [oracle]
BEGIN
    NULL;
END;;

-- oracle: insert a row [oracle]
INSERT INTO t (x) VALUES ('a');
