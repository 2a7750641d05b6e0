import django.db.models.deletion
from django.db import migrations, models

import nianlun.kernel.clock

ONLY_GROWS = """
CREATE FUNCTION kernel_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% refused: rows of % are only ever added', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE ON kernel_auditrow
    FOR EACH ROW EXECUTE FUNCTION kernel_only_grows();
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE ON kernel_auditlink
    FOR EACH ROW EXECUTE FUNCTION kernel_only_grows();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON kernel_auditrow
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_only_grows();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON kernel_auditlink
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_only_grows();
"""
NO_LONGER = """
DROP TRIGGER never_emptied ON kernel_auditlink;
DROP TRIGGER never_emptied ON kernel_auditrow;
DROP TRIGGER only_grows ON kernel_auditlink;
DROP TRIGGER only_grows ON kernel_auditrow;
DROP FUNCTION kernel_only_grows();
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0002_key_check")]

    operations = [
        migrations.CreateModel(
            name="AuditLink",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                (
                    "row",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="link",
                        to="kernel.auditrow",
                    ),
                ),
                ("hash", models.BinaryField(max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name="ChainCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=nianlun.kernel.clock.now)),
                ("seq", models.BigIntegerField()),
                ("hash", models.BinaryField(max_length=32)),
                ("faults", models.PositiveIntegerField()),
            ],
        ),
        migrations.AddIndex(
            model_name="auditrow",
            index=models.Index(fields=["subdistrict_id", "action", "-at"], name="kernel_audi_subdist_c0a87d_idx"),
        ),
        migrations.AddIndex(
            model_name="auditrow",
            index=models.Index(fields=["actor_id", "-at"], name="kernel_audi_actor_i_dbc7b9_idx"),
        ),
        migrations.RunSQL(ONLY_GROWS, NO_LONGER),
    ]
