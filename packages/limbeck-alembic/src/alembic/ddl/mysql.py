"""What speaks for MySQL."""

from limbeck.ddl.impl import MariaDBImpl as MariaDBImpl
from limbeck.ddl.impl import MySQLImpl as MySQLImpl
