// SPDX-License-Identifier: Apache-2.0
import Audits
import ClusterModel
import DecisionEngine
import ModelCollectors
import Optimization
import Settings
import Testing

@Suite struct WhatIfTests {
    private let catalog = AuditCatalog(
        goals: Goals.all, strategies: Strategies.all, plannerNames: Planners.names,
        makePlanner: { try Planners.named($0, options: $1) }, modelReaders: [ModelFile.read, InventoryFile.read])

    /// One instance on each of two nodes.
    private let model = WhatIf.Input(
        path: "model.xml",
        text: """
            <ModelRoot>
              <ComputeNode uuid="n1" hostname="a" vcpus="8" memory="8192" disk="100" disabled_reason="None">
                <Instance uuid="i1" name="x" vcpus="2" memory="2048" disk="10"/>
              </ComputeNode>
              <ComputeNode uuid="n2" hostname="b" vcpus="8" memory="8192" disk="100" disabled_reason="None">
                <Instance uuid="i2" name="y" vcpus="2" memory="2048" disk="10"/>
              </ComputeNode>
            </ModelRoot>
            """)
    private let metrics = WhatIf.Input(
        path: "metrics.json", text: #"{"n1": {"host_cpu_usage": 50}, "n2": {"host_cpu_usage": 5}}"#)

    private func message(of audit: WhatIf) async -> String {
        do {
            _ = try await audit.run(catalog)
            return ""
        } catch {
            return "\(error)"
        }
    }

    @Test func aPlanIsATableWithItsFigures() async throws {
        let report = try await WhatIf(BasicConsolidation(), models: [model], metrics: metrics).run(catalog)
        #expect(
            report.text == """
                Basic offline consolidation, goal server_consolidation: 2 actions
                Note: no instance_cpu_usage of the last 7200 s for 2 of 2 instances, such as x

                #  action                     of  details                                          after
                0  change_nova_service_state  b   state=disabled disabled_reason=watcher_disabled
                1  migrate                    y   live b -> a                                      0

                compute_nodes_count           2
                released_compute_nodes_count  1
                instance_migrations_count     1
                released_nodes_ratio          50 %

                """)
    }

    @Test func programsGetTheSameAsJSON() async throws {
        let report = try await WhatIf(BasicConsolidation(), models: [model], metrics: metrics).run(catalog)
        let json = try JSONValue(parsing: report.json)
        #expect(json["state"] == "RECOMMENDED")
        #expect(json["actions"]?.array?.map { $0["parents"] } == [[], [0]])
        #expect(json["global_efficacy"]?.array?.first?["value"]?.number == 50)
        #expect(json["explanations"] == nil)
    }

    @Test func reasonsAreToldWhenAsked() async throws {
        var audit = WhatIf(BasicConsolidation(), models: [model], metrics: metrics)
        audit.isExplaining = true
        let report = try await audit.run(catalog)
        #expect(report.text.contains("instance  y"))
        #expect(report.text.contains("live migration from b to a"))
        #expect(report.text.contains("50 % of its processors used"))
        #expect(try JSONValue(parsing: report.json)["explanations"]?.array?.isEmpty == false)
    }

    @Test func aModelMayBeJSON() async throws {
        let json = WhatIf.Input(path: "model.json", text: try ModelRoot(xml: model.text).text)
        let report = try await WhatIf(BasicConsolidation(), models: [json], metrics: metrics).run(catalog)
        #expect(report.plan.actions.count == 2)
    }

    @Test func whatIsWrongInAFileIsNamedWithItsPlace() async {
        var audit = WhatIf(Dummy(), models: [.init(path: "m.json", text: "{\"model\": \"compute\",\n oops")])
        #expect(await message(of: audit) == "m.json:2: an object's key is a text in quotation marks; allowed: JSON")
        audit = WhatIf(Dummy(), models: [.init(path: "m.json", text: "{}")])
        #expect(await message(of: audit).hasPrefix("m.json: JSON that is no model; allowed: "))
        audit = WhatIf(Dummy(), models: [model, model])
        #expect(await message(of: audit) == "model.xml: --model: a second compute model; allowed: one of each kind")
        audit = WhatIf(Dummy(), models: [])
        #expect(
            await message(of: audit)
                == "command line: --model: no compute model that isn't stale; allowed: a file or a collector for each of compute"
        )
        audit = WhatIf(Dummy(), models: [model], parameters: .init(path: "p.json", text: "{\"para1\": 20}"))
        #expect(await message(of: audit) == "p.json: parameter para1 is 20; allowed: a number from 1 to 10.2")
        audit = WhatIf(Dummy(), models: [model], metrics: .init(path: "x.json", text: "[]"))
        #expect(await message(of: audit) == "x.json: metrics are an object by resource")
    }

    @Test func actionsThatWouldBeRefusedAreSaid() async throws {
        var catalog = catalog
        catalog.problem = ActionSchemas.problem
        let report = try await WhatIf(BasicConsolidation(), models: [model], metrics: metrics).run(catalog)
        #expect(report.problems == ["migrate: resource_id \"i2\" is no UUID"])
        #expect(report.text.contains("1 of these would be refused, the first because of migrate: resource_id"))
        #expect(try JSONValue(parsing: report.json)["problems"]?.array?.count == 1)
    }

    @Test func goalsOfTheConfigurationLeadToTheirStrategies() throws {
        var catalog = catalog
        let place = Mistake.Place("hypsometer.conf", line: 7)
        try catalog.map(goals: "BALANCE_LOAD:basic, MINIMIZE_ENERGY_CONSUMPTION:dummy", at: place)
        #expect(try catalog.strategy(forGoal: "MINIMIZE_ENERGY_CONSUMPTION").declaration.name == "dummy")
        #expect(try catalog.strategy(forGoal: "server_consolidation").declaration.name == "basic")
        #expect {
            try catalog.map(goals: "X:basik,Y", at: place)
        } throws: { error in
            let lines = "\(error)".split(separator: "\n")
            return lines.count == 2 && lines[0].contains("did you mean basic")
                && lines[0].hasPrefix("hypsometer.conf:7:")
                && lines[1].contains("allowed: pairs GOAL:STRATEGY")
        }
        #expect {
            try catalog.strategy(forGoal: "server_consolidatoin")
        } throws: { error in
            "\(error)".contains("did you mean server_consolidation")
        }
    }

    @Test func aPlannerThatHasNoPlaceForAnActionGivesWayToTheOneByWeight() async throws {
        func pool(_ name: String, free: Int) -> String {
            """
            {"name": "\(name)", "pool_name": "\(name)", "total_capacity_gb": 100, "free_capacity_gb": \(free),
             "allocated_capacity_gb": 0, "max_over_subscription_ratio": 20, "volume_backend_name": "x"}
            """
        }
        let inventory = """
            {"model": "block_storage", "pools": [\(pool("full", free: 5)), \(pool("empty", free: 90))],
             "volumes": [{"id": "v", "name": "v", "size": 10, "status": "available", "host": "full"}]}
            """
        let report = try await WhatIf(
            StorageCapacityBalance(), models: [.init(path: "s.json", text: inventory)]
        ).run(catalog)
        #expect(report.plan.actions.map(\.type) == ["volume_migrate"])
    }
}
