"""The web server in the image; WEB_CONCURRENCY sets the number of processes."""

import os

bind = "0.0.0.0:8000"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
threads = 4
# Loaded once, then forked: starts faster and shares memory. portal/wsgi.py leaves no connection open.
preload_app = True
max_requests = 5000
max_requests_jitter = 500
timeout = 60
graceful_timeout = 20
# Longer than the proxy keeps its connections, so that it never meets one that just closed.
keepalive = 75
worker_tmp_dir = "/dev/shm"  # noqa: S108 - the heartbeat file must not wait for a disk
control_socket_disable = True
