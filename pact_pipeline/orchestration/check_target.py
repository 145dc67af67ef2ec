"""What a check has looked at: the one thing we need of Dagster that its public interface lacks (1.13)."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import dagster as dg

if TYPE_CHECKING:
    from dagster._core.definitions.asset_checks.asset_check_evaluation import (
        AssetCheckEvaluationTargetMaterializationData as CheckTarget,
    )

log = logging.getLogger(__name__)


def newest_materialization(instance: dg.DagsterInstance, asset: dg.AssetKey, partition: str) -> CheckTarget | None:
    """The materialisation that an evaluation told now is of.

    None before the first, and in a Dagster that keeps the class elsewhere: then it shows the evaluation as one of an older
    materialisation, which the log says; the verdict itself stays right.
    """
    try:
        from dagster._core.definitions.asset_checks.asset_check_evaluation import (
            AssetCheckEvaluationTargetMaterializationData as CheckTarget,
        )
    except ImportError:
        log.warning("checks are shown as of an older materialisation: this Dagster has no public name for their target")
        return None
    filters = dg.AssetRecordsFilter(asset_key=asset, asset_partitions=[partition])
    records = instance.fetch_materializations(filters, limit=1).records
    if not records:
        return None
    return CheckTarget(storage_id=records[0].storage_id, run_id=records[0].run_id, timestamp=records[0].timestamp)
