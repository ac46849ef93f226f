#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Ceph's object gateway as its documentation of the admin API has it, for two users; keys as in S3's documentation.

Each request's signature is computed anew, by Python's own hmac; before it serves anybody the program computes that of
an example of S3's documentation. The first line of standard output is the port; then a line for each request.
"""
import calendar
import hashlib
import hmac
import http.server
import json
import os
import sys
import time
import urllib.parse

ACCESS = "AKIAIOSFODNN7EXAMPLE"
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
EMPTY = hashlib.sha256(b"").hexdigest()


def tell(*words):
    """A line in one write: what print writes piece by piece, two threads can mix."""
    os.write(sys.stdout.fileno(), (" ".join(map(str, words)) + "\n").encode())


def quoted(text):
    return urllib.parse.quote(text, safe="-._~")


def signature(target, headers, names, scope, secret):
    path, _, query = target.partition("?")
    pairs = urllib.parse.parse_qsl(query, keep_blank_values=True)
    words = "&".join(sorted(f"{quoted(key)}={quoted(value)}" for key, value in pairs))
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in names)
    request = "\n".join(["GET", path, words, lines, ";".join(names), headers["x-amz-content-sha256"]])
    text = "\n".join(
        ["AWS4-HMAC-SHA256", headers["x-amz-date"], "/".join(scope), hashlib.sha256(request.encode()).hexdigest()])
    key = b"AWS4" + secret.encode()
    for part in scope:
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


# "GET Bucket Lifecycle" of "Signature Calculations for the Authorization Header".
known = signature(
    "/?lifecycle",
    {"host": "examplebucket.s3.amazonaws.com", "x-amz-content-sha256": EMPTY, "x-amz-date": "20130524T000000Z"},
    ["host", "x-amz-content-sha256", "x-amz-date"], ["20130524", "us-east-1", "s3", "aws4_request"], SECRET)
assert known == "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543", known


def bucket(name, owner, usage):
    return {
        "bucket": name, "num_shards": 11, "tenant": "", "zonegroup": "b2c3", "placement_rule": "default-placement",
        "explicit_placement": {"data_pool": "", "data_extra_pool": "", "index_pool": ""},
        "id": "f6a1.4126.1", "marker": "f6a1.4126.1", "index_type": "Normal", "owner": owner, "ver": "0#1,1#1",
        "master_ver": "0#0,1#0", "mtime": "2026-11-20T10:11:12.000000Z", "creation_time": "2026-11-20T10:11:12.000000Z",
        "max_marker": "0#,1#", "usage": usage, "bucket_quota": {"enabled": False, "max_size": -1, "max_objects": -1}}


def used(objects, size_kb):
    return {
        "size": size_kb * 1024, "size_actual": size_kb * 1024 + 4096, "size_utilized": size_kb * 1024,
        "size_kb": size_kb, "size_kb_actual": size_kb + 4, "size_kb_utilized": size_kb, "num_objects": objects}


def buckets(user):
    return [
        bucket("logs", user, {"rgw.main": used(1000, 1000), "rgw.multimeta": used(2, 0)}),
        bucket("photos", user, {"rgw.main": used(1, 42)}),
        bucket("empty", user, {})]


def category(name, ops):
    return {"category": name, "bytes_sent": 46, "bytes_received": 238, "ops": ops, "successful_ops": ops - 1}


def usage(user):
    total = {"bytes_sent": 92, "bytes_received": 476, "ops": 7, "successful_ops": 5}
    return {
        "entries": [{"user": user, "buckets": [{
            "bucket": "logs", "time": "2026-11-20 10:00:00.000000Z", "epoch": 1795168800, "owner": user,
            "categories": [category("get_obj", 4), category("put_obj", 3)]}]}],
        "summary": [{"user": user, "categories": [category("get_obj", 4), category("put_obj", 3)], "total": total}]}


class Gateway(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # In one write, so that no half of an answer waits for an acknowledgement.
    wbufsize = -1

    def log_message(self, *words):
        pass

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        tell(status, self.path)

    def refuse(self, status, code):
        self.answer(status, {"Code": code, "RequestId": "tx0", "HostId": "1-default-default"})

    def do_GET(self):
        headers = {name.lower(): value for name, value in self.headers.items()}
        scheme, _, rest = headers.get("authorization", "").partition(" ")
        parts = dict(part.strip().split("=", 1) for part in rest.split(",") if "=" in part)
        access, *scope = parts.get("Credential", "").split("/")
        if scheme != "AWS4-HMAC-SHA256" or access != ACCESS:
            return self.refuse(403, "InvalidAccessKeyId")
        names = parts["SignedHeaders"].split(";")
        sent = time.strptime(headers["x-amz-date"] + " UTC", "%Y%m%dT%H%M%SZ %Z")
        is_now = abs(time.time() - calendar.timegm(sent)) < 900
        right = signature(self.path, headers, names, scope, SECRET)
        if "host" not in names or not is_now or not hmac.compare_digest(right, parts["Signature"]):
            return self.refuse(403, "SignatureDoesNotMatch")
        path, _, query = self.path.partition("?")
        options = dict(urllib.parse.parse_qsl(query))
        user = options.get("uid", "")
        if user.split("$")[0] == "broken":
            return self.refuse(500, "UnknownError")
        if user not in ("p1", "p2", "p1$p1"):
            return self.refuse(404, "NoSuchUser")
        if path == "/admin/bucket" and options.get("stats") == "true":
            return self.answer(200, [] if user == "p2" else buckets(user))
        if path == "/admin/usage":
            return self.answer(200, {"entries": [], "summary": []} if user == "p2" else usage(user))
        return self.refuse(405, "MethodNotAllowed")


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
tell(server.server_address[1])
server.serve_forever()
