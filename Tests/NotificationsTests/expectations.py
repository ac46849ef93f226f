#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What recorded notifications have to give, worked out apart from the program.

    expectations.py FOLDER > Expected/messages.jsonl

FOLDER holds captures: a JSON file for each message with its queue and its raw body. A line for each of them says the
samples (name, type, unit, volume, resource, project, user, and which of "metadata" is theirs; "payload" where that is
the payload with event_type and host) and the event (type, generated, traits as name: [type, value]). The tables below are written from
the description of Ceilometer's meters and traits, not from the definition files that are tested.
"""
import datetime
import json
import pathlib
import re
import sys

UTC = datetime.timezone.utc


def moment(text):
    text = re.sub(r"([+-]\d\d)(\d\d)$", r"\1:\2", text.replace("Z", "+00:00"))
    when = datetime.datetime.fromisoformat(text)
    return when.astimezone(UTC).replace(tzinfo=None) if when.tzinfo else when


def written(when):
    return when.isoformat()


def filled(**pairs):
    return {key: value for key, value in pairs.items() if value}


def at(value, *path):
    for key in path:
        if not isinstance(value, dict) or key not in value:
            return None
        value = value[key]
    return value


def user_metadata(metadata):
    """Only what is meant for metering, without the prefix."""
    if not isinstance(metadata, dict):
        return {}
    return {k[len("metering."):].replace(".", "_"): v[:256] if isinstance(v, str) else v
            for k, v in metadata.items() if k.startswith("metering.")}


# --- samples -----------------------------------------------------------------------------------------------------

def image(message, payload):
    if not re.match(r"image\.(upload|delete|update)", message["event_type"]) or payload.get("size") is None:
        return []
    return [["image.size", "gauge", "B", payload["size"], payload["id"], payload["owner"], None, "payload"]]


def block_storage(message, payload):
    kinds = {
        "volume": ("volume_id", "size", "volume.size",
                   r"(exists|retype|(create|delete|resize|attach|detach|update|manage)\.)"),
        "snapshot": ("snapshot_id", "volume_size", "snapshot.size", r"(exists|(create|delete|manage)\.)"),
        "backup": ("backup_id", "size", "backup.size", r"(exists|(create|delete|restore)\.)"),
    }
    kind, _, rest = message["event_type"].partition(".")
    if kind not in kinds or not re.match(kinds[kind][3], rest):
        return []
    key, size, name, _ = kinds[kind]
    metadata = filled(display_name=payload.get("display_name"))
    if kind == "volume":
        attachments = payload.get("volume_attachment") or [{}]
        metadata = filled(
            display_name=payload.get("display_name"), volume_type=payload.get("volume_type"),
            availability_zone=payload.get("availability_zone"), status=payload.get("status"),
            snapshot_id=payload.get("snapshot_id"), instance_id=attachments[0].get("instance_uuid"))
    if kind == "snapshot":
        metadata = filled(display_name=payload.get("display_name"), volume_id=payload.get("volume_id"),
                          status=payload.get("status"))
    if kind == "backup":
        metadata = filled(display_name=payload.get("display_name"), volume_id=payload.get("volume_id"),
                          status=payload.get("status"))
    return [[name, "gauge", "GiB", payload[size], payload[key], payload["tenant_id"], payload["user_id"], metadata]]


def sizes(values, resource, project, user, metadata):
    memory, vcpus, root, ephemeral = values
    return [[name, "gauge", unit, volume, resource, project, user, metadata] for name, unit, volume in [
        ("memory", "MiB", memory), ("vcpus", "vcpu", vcpus), ("disk.root.size", "GiB", root),
        ("disk.ephemeral.size", "GiB", ephemeral)]]


SEED_EVENTS = ["create.end", "exists", "delete.start"]


def compute(message, payload):
    event = message["event_type"]
    if not event.startswith("compute.instance."):
        return []
    who = (payload.get("instance_id"), payload.get("tenant_id"), payload.get("user_id"))
    samples = []
    if event[len("compute.instance."):] in SEED_EVENTS:
        samples.append(["instance", "gauge", "instance", 1, *who, "payload"])
    metadata = filled(
        host=payload.get("host"), flavor_id=payload.get("instance_flavor_id"), flavor_name=payload.get("instance_type"),
        display_name=payload.get("display_name"), status=payload.get("state"),
        image_ref=at(payload, "image_meta", "base_image_ref"), launched_at=payload.get("launched_at"),
        created_at=payload.get("created_at"), deleted_at=payload.get("deleted_at"))
    metadata["user_metadata"] = user_metadata(payload.get("metadata"))
    if not metadata["user_metadata"]:
        del metadata["user_metadata"]
    if re.match(r"compute.instance.(?!create.start|update).*", event):
        if payload.get("memory_mb") is not None:
            samples += sizes((payload["memory_mb"], payload["vcpus"], payload["root_gb"], payload["ephemeral_gb"]),
                             *who, metadata)
    if event == "compute.instance.create.end":
        seconds = (moment(payload["launched_at"]) - moment(payload["created_at"])).total_seconds()
        samples.append(["compute.instance.booting.time", "gauge", "sec", abs(seconds), *who, metadata])
    return samples


def versioned(message, payload):
    event = message["event_type"]
    data = payload.get("nova_object.data") if isinstance(payload, dict) else None
    if not event.startswith("instance.") or data is None:
        return []
    who = (data["uuid"], data["tenant_id"], data["user_id"])
    samples = []
    flavor = data["flavor"]["nova_object.data"]
    metadata = filled(
        host=data["host"], flavor_id=flavor["flavorid"], flavor_name=flavor["name"],
        display_name=data["display_name"], status=data["state"], image_ref=data["image_uuid"],
        launched_at=data["launched_at"], created_at=data["created_at"], deleted_at=data["deleted_at"])
    if user_metadata(data["metadata"]):
        metadata["user_metadata"] = user_metadata(data["metadata"])
    if event[len("instance."):] in SEED_EVENTS:
        samples.append(["instance", "gauge", "instance", 1, *who, "nova_object.data"])
    if re.match(r"instance\.(?!create\.start|update)", event):
        samples += sizes((flavor["memory_mb"], flavor["vcpus"], flavor["root_gb"], flavor["ephemeral_gb"]), *who,
                         metadata)
    if event == "instance.create.end":
        seconds = (moment(data["launched_at"]) - moment(data["created_at"])).total_seconds()
        samples.append(["compute.instance.booting.time", "gauge", "sec", abs(seconds), *who, metadata])
    return samples


def authentication(message, payload):
    if message["event_type"] != "identity.authenticate":
        return []
    user = at(payload, "initiator", "id")
    return [["identity.authenticate." + payload["outcome"], "delta", "user", 1, user,
             message.get("_context_project_id") or message.get("_context_tenant_id"), user, "payload"]]


def samples_of(message, priority):
    payload = message["payload"]
    if priority != "info" or not isinstance(payload, dict):
        return []
    found = []
    for maker in (image, block_storage, compute, versioned, authentication):
        found += maker(message, payload)
    return found


# --- events ------------------------------------------------------------------------------------------------------

def event_of(message, priority):
    if priority not in ("info", "error"):
        return None
    payload, event = message["payload"], message["event_type"]
    traits = {}

    def put(name, kind, *candidates):
        value = next((c for c in candidates if c is not None), None)
        if value is None or (value == "" and kind != "text"):
            traits.pop(name, None)
            return
        if kind == "text":
            value = str(value)[:255]
        elif kind == "int":
            value = int(value)
        elif kind == "datetime":
            value = written(moment(value))
        traits[name] = [kind, value]

    project = message.get("_context_project_id")
    put("service", "text", message["publisher_id"])
    put("request_id", "text", message.get("_context_request_id"))
    put("project_id", "text", at(payload, "tenant_id"), project)
    put("user_id", "text", at(payload, "user_id"), message.get("_context_user_id"))
    put("tenant_id", "text", at(payload, "tenant_id"), project)
    kind, _, rest = event.partition(".")
    if event.startswith("compute.instance."):
        parts = message["publisher_id"].split(".", 1)
        put("service", "text", parts[0])
        put("host", "text", parts[1] if len(parts) > 1 else None)
        for name in ("instance_id", "display_name", "instance_type", "state"):
            put(name, "text", payload.get(name))
        put("flavor_id", "text", payload.get("instance_flavor_id"))
        for name in ("memory_mb", "vcpus", "disk_gb", "root_gb", "ephemeral_gb"):
            put(name, "int", payload.get(name))
        for name in ("launched_at", "deleted_at"):
            put(name, "datetime", payload.get(name))
        if event == "compute.instance.exists":
            for name in ("audit_period_beginning", "audit_period_ending"):
                put(name, "datetime", payload.get(name))
            put("audit_period_seconds", "float",
                (moment(payload["audit_period_ending"]) - moment(payload["audit_period_beginning"])).total_seconds())
    elif kind == "instance" and at(payload, "nova_object.data"):
        data = payload["nova_object.data"]
        parts = message["publisher_id"].split(":", 1)
        put("service", "text", parts[0])
        put("host", "text", parts[1] if len(parts) > 1 else None)
        put("project_id", "text", data["tenant_id"])
        put("tenant_id", "text", data["tenant_id"])
        put("user_id", "text", data["user_id"])
        put("instance_id", "text", data["uuid"])
        put("display_name", "text", data["display_name"])
        put("state", "text", data["state"])
        flavor = data["flavor"]["nova_object.data"]
        put("instance_type", "text", flavor["name"])
        put("flavor_id", "text", flavor["flavorid"])
        for name in ("memory_mb", "vcpus", "root_gb", "ephemeral_gb"):
            put(name, "int", flavor[name])
        for name in ("launched_at", "deleted_at"):
            put(name, "datetime", data[name])
    elif kind == "image":
        put("project_id", "text", payload.get("owner"))
        put("resource_id", "text", payload.get("id"))
        for name in ("name", "status"):
            put(name, "text", payload.get(name))
        put("size", "int", payload.get("size"))
        put("created_at", "datetime", payload.get("created_at"))
        put("deleted_at", "datetime", payload.get("deleted_at"))
    elif kind in ("volume", "snapshot", "backup"):
        put("resource_id", "text", payload.get({"volume": "volume_id", "snapshot": "snapshot_id",
                                                "backup": "backup_id"}[kind]))
        for name in ("display_name", "status", "availability_zone"):
            put(name, "text", payload.get(name))
        put("size", "int", payload.get("volume_size" if kind == "snapshot" else "size"))
        put("created_at", "datetime", payload.get("created_at"))
        if kind != "volume":
            put("volume_id", "text", payload.get("volume_id"))
    elif kind in ("network", "subnet", "port", "router", "floatingip") and rest in ("create.end", "update.end"):
        thing = payload[kind]
        put("resource_id", "text", thing.get("id"))
        put("project_id", "text", thing.get("tenant_id"), thing.get("project_id"), project)
        put("name", "text", thing.get("name"))
        put("status", "text", thing.get("status"))
    elif kind == "identity" and "typeURI" in payload:
        put("resource_id", "text", payload.get("resource_info"), at(payload, "target", "id"))
        put("action", "text", payload.get("action"))
        put("outcome", "text", payload.get("outcome"))
        put("initiator_id", "text", at(payload, "initiator", "id"))
        put("target_id", "text", at(payload, "target", "id"))
        put("observer_id", "text", at(payload, "observer", "id"))
        put("event_time", "datetime", payload.get("eventTime"))
    return [event, written(moment(message["timestamp"])), traits]


def main():
    folder = pathlib.Path(sys.argv[1])
    for path in sorted(folder.glob("*.json")):
        if path.name == "index.json":
            continue
        capture = json.loads(path.read_text())
        message = json.loads(json.loads(capture["body"])["oslo.message"])
        priority = capture["routing_key"].rpartition(".")[2]
        samples, shared = samples_of(message, priority), []
        for sample in samples:
            if isinstance(sample[-1], dict):
                if sample[-1] not in shared:
                    shared.append(sample[-1])
                sample[-1] = shared.index(sample[-1])
        line = {"file": path.name, "id": message["message_id"], "samples": samples, "metadata": shared,
                "event": event_of(message, priority)}
        print(json.dumps(line, separators=(",", ":"), ensure_ascii=False))


main()
