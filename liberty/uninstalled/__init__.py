"""What stands in Django's place for the framework database before there is one."""
