from django.db import migrations, models

import nianlun.kernel.clock


class Migration(migrations.Migration):
    dependencies = [("places", "0002_the_register")]

    operations = [
        migrations.CreateModel(
            name="UnknownName",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("failed_sign_ins", models.PositiveSmallIntegerField(default=0)),
                ("locked_until", models.DateTimeField(null=True)),
                ("at", models.DateTimeField(db_index=True, default=nianlun.kernel.clock.now)),
            ],
        ),
    ]
