import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.manager
from django.conf import settings
from django.db import migrations, models

from trail.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("assistance", "0003_catalogue"),
        ("divisions", "0002_nation"),
        ("households", "0009_care_guards"),
        ("trail", "0002_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Gap",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.SmallIntegerField(verbose_name="year")),
                ("rule", models.CharField(db_collation="C", max_length=30, verbose_name="rule")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("missing", "due and not given"),
                            ("not_entitled", "given and not due"),
                            ("double", "given twice"),
                            ("deceased", "given to somebody who died or left"),
                        ],
                        max_length=14,
                        verbose_name="kind",
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("IND", "industry"),
                            ("LOAN", "micro-credit"),
                            ("EMP", "employment"),
                            ("PUB", "public-benefit post"),
                            ("ECO", "ecology"),
                            ("REL", "relocation"),
                            ("EDU", "schooling"),
                            ("HEA", "health"),
                            ("HOU", "housing"),
                            ("SOC", "allowances"),
                            ("AST", "asset income"),
                            ("COM", "e-commerce and sales"),
                            ("INF", "infrastructure"),
                            ("PAI", "paired assistance"),
                            ("OTH", "other"),
                        ],
                        default="",
                        max_length=4,
                        verbose_name="category",
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        blank=True, db_collation="C", default="", max_length=20, verbose_name="code"
                    ),
                ),
                ("facts", models.JSONField(default=dict)),
                (
                    "resolution",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("explained", "explained"),
                            ("promised", "will be helped"),
                            ("mended", "mended"),
                        ],
                        db_default="",
                        default="",
                        max_length=10,
                        verbose_name="resolution",
                    ),
                ),
                ("due_on", models.DateField(null=True, verbose_name="helped by")),
                ("version", models.IntegerField(db_default=1, default=1)),
                (
                    "household",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="gaps",
                        to="households.household",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assistance.item",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="households.member",
                    ),
                ),
                (
                    "village",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="divisions.division",
                        verbose_name="village",
                    ),
                ),
            ],
            options={
                "ordering": ["village_id", "household_id", "rule", "id"],
                "base_manager_name": "everywhere",
                "default_manager_name": "everywhere",
            },
            managers=[
                ("everywhere", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="GapResolution",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("explained", "explained"),
                            ("promised", "will be helped"),
                            ("mended", "mended"),
                        ],
                        max_length=10,
                        verbose_name="resolution",
                    ),
                ),
                ("due_on", models.DateField(null=True, verbose_name="helped by")),
                ("words_sealed", models.BinaryField()),
                ("on", models.DateField(verbose_name="day")),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "gap",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="resolutions",
                        to="assistance.gap",
                    ),
                ),
            ],
            options={
                "ordering": ["gap_id", "id"],
            },
        ),
        migrations.CreateModel(
            name="GapRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.SmallIntegerField(verbose_name="year")),
                ("as_of", models.DateField(verbose_name="judged on the facts of")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("running", "under way"),
                            ("finished", "finished"),
                            ("stopped", "stopped"),
                        ],
                        default="running",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "asked_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="asked"
                    ),
                ),
                ("finished_at", models.DateTimeField(null=True, verbose_name="finished")),
                ("totals", models.JSONField(default=dict)),
                ("rules_hash", models.CharField(max_length=64)),
                ("result_hash", models.CharField(blank=True, default="", max_length=64)),
                (
                    "asked_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="asked by",
                    ),
                ),
                (
                    "root",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="divisions.division",
                        verbose_name="division",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "base_manager_name": "everywhere",
                "default_manager_name": "everywhere",
            },
            managers=[
                ("everywhere", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="GapChunk",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("low", models.CharField(db_collation="C", max_length=12)),
                ("high", models.CharField(db_collation="C", max_length=12)),
                ("households", models.IntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "waiting"), ("running", "running"), ("done", "done")],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("lease_until", models.DateTimeField(null=True)),
                ("attempts", models.SmallIntegerField(default=0)),
                ("error", models.TextField(blank=True, default="")),
                ("found", models.JSONField(default=dict)),
                ("result_hash", models.CharField(blank=True, default="", max_length=64)),
                ("started_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="chunks",
                        to="assistance.gaprun",
                    ),
                ),
            ],
            options={
                "ordering": ["run_id", "low"],
            },
        ),
        migrations.AddField(
            model_name="gap",
            name="first_run",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="assistance.gaprun",
            ),
        ),
        migrations.AddField(
            model_name="gap",
            name="gone_run",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="assistance.gaprun",
            ),
        ),
        migrations.AddField(
            model_name="gap",
            name="last_run",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="assistance.gaprun",
            ),
        ),
        migrations.AddIndex(
            model_name="gaprun",
            index=models.Index(fields=["root", "-id"], name="gap_run_by_root"),
        ),
        migrations.AddConstraint(
            model_name="gaprun",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "running")),
                fields=("root", "year"),
                name="one_search_of_a_place_and_year",
            ),
        ),
        migrations.AddConstraint(
            model_name="gaprun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("finished_at", None), ("state", "running")),
                    models.Q(
                        models.Q(("state", "running"), _negated=True),
                        ("finished_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="a_search_ends_once",
            ),
        ),
        migrations.AddIndex(
            model_name="gapchunk",
            index=models.Index(
                condition=models.Q(("state", "done"), _negated=True),
                fields=["run", "low"],
                name="gap_chunk_to_do",
            ),
        ),
        migrations.AddConstraint(
            model_name="gapchunk",
            constraint=models.UniqueConstraint(
                fields=("run", "low"), name="a_gap_chunk_has_one_place"
            ),
        ),
        migrations.AddIndex(
            model_name="gap",
            index=models.Index(
                fields=["village", "year", "household", "id"], name="gap_by_village"
            ),
        ),
        migrations.AddIndex(
            model_name="gap",
            index=models.Index(
                condition=models.Q(("gone_run", None)),
                fields=["village", "year", "rule"],
                include=("resolution",),
                name="standing_gap_by_rule",
            ),
        ),
        migrations.AddConstraint(
            model_name="gap",
            constraint=models.UniqueConstraint(
                fields=("household", "year", "rule", "member", "item"),
                name="a_gap_is_named_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="gap",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("due_on__isnull", False), ("resolution", "promised")),
                    models.Q(models.Q(("resolution", "promised"), _negated=True), ("due_on", None)),
                    _connector="OR",
                ),
                name="a_promise_has_a_day",
            ),
        ),
        append_only("assistance_gapresolution"),
    ]
