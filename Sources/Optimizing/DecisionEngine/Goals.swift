// SPDX-License-Identifier: Apache-2.0
public import Optimization

/// The goals that are built in.
public enum Goals {
    public static let dummy = Goal("dummy", "Dummy goal")
    public static let unclassified = Goal("unclassified", "Unclassified")
    public static let serverConsolidation = Goal(
        "server_consolidation", "Server Consolidation",
        indicators: [
            IndicatorSpecification("compute_nodes_count"), IndicatorSpecification("released_compute_nodes_count"),
            IndicatorSpecification("instance_migrations_count"),
        ],
        ratios: [EfficacyRatio("released_nodes_ratio", "released_compute_nodes_count", of: "compute_nodes_count")])
    public static let thermalOptimization = Goal("thermal_optimization", "Thermal Optimization")
    public static let workloadBalancing = Goal(
        "workload_balancing", "Workload Balancing",
        indicators: [
            IndicatorSpecification("instance_migrations_count"),
            IndicatorSpecification("instances_count", isRequired: false),
            IndicatorSpecification("standard_deviation_after_audit", .number, isRequired: false),
            IndicatorSpecification("standard_deviation_before_audit", .number, isRequired: false),
        ],
        ratios: [EfficacyRatio("live_migrations_count", "instance_migrations_count", of: "instances_count")])
    public static let airflowOptimization = Goal("airflow_optimization", "Airflow Optimization")
    public static let noisyNeighbor = Goal("noisy_neighbor", "Noisy Neighbor")
    public static let savingEnergy = Goal("saving_energy", "Saving Energy")
    public static let hardwareMaintenance = Goal(
        "hardware_maintenance", "Hardware Maintenance",
        indicators: [
            IndicatorSpecification("live_migrate_instance_count"),
            IndicatorSpecification("planned_live_migrate_instance_count"),
            IndicatorSpecification("cold_migrate_instance_count"),
            IndicatorSpecification("planned_cold_migrate_instance_count"),
            IndicatorSpecification("volume_migrate_count"), IndicatorSpecification("planned_volume_migrate_count"),
            IndicatorSpecification("volume_update_count"), IndicatorSpecification("planned_volume_update_count"),
        ],
        ratios: [
            EfficacyRatio(
                "live_instance_migrate_ratio", "planned_live_migrate_instance_count", of: "live_migrate_instance_count"),
            EfficacyRatio(
                "cold_instance_migrate_ratio", "planned_cold_migrate_instance_count", of: "cold_migrate_instance_count"),
            EfficacyRatio("volume_migrate_ratio", "planned_volume_migrate_count", of: "volume_migrate_count"),
            EfficacyRatio("volume_update_ratio", "planned_volume_update_count", of: "volume_update_count"),
        ])
    public static let clusterMaintaining = Goal("cluster_maintaining", "Cluster Maintaining")

    public static let all: [Goal] = [
        unclassified, dummy, serverConsolidation, thermalOptimization, workloadBalancing, airflowOptimization,
        noisyNeighbor, savingEnergy, hardwareMaintenance, clusterMaintaining,
    ]
}
