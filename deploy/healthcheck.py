"""Whether this container's web server can serve; the exit code is 0 when it can."""

import http.client
import os
import sys

host = os.environ["ALLOWED_HOSTS"].split(",")[0].strip()
connection = http.client.HTTPConnection("127.0.0.1", 8000, timeout=4)
connection.request("GET", "/etat/ready", headers={"Host": host})
sys.exit(connection.getresponse().status != 200)
