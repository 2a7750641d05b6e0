from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import BtreeGinExtension
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("places", "0003_unknown_names")]

    operations = [
        BtreeGinExtension(),
        migrations.RemoveIndex(model_name="findable", name="findable_grams"),
        migrations.AddIndex(
            model_name="findable", index=GinIndex(fields=["community", "grams"], name="findable_grams")
        ),
    ]
