"""moto's server, one request at a time: its tables have no locks, and those of DynamoDB do.

`POST /later?ms=60000`: from now on its queues believe that it is so much later than it is.
"""

import sys
from urllib.parse import parse_qs

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import run_simple

moto = DomainDispatcherApplication(create_backend_app)


class Later:
    ms = 0
    installed = False


def install_later():
    import moto.sqs.models as queues

    seconds, millis = queues.unix_time, queues.unix_time_millis
    queues.unix_time = lambda *given: seconds(*given) + (0 if given else Later.ms / 1000)
    queues.unix_time_millis = lambda *given: millis(*given) + (0 if given else Later.ms)


def application(environ, start_response):
    if environ["PATH_INFO"] != "/later":
        return moto(environ, start_response)
    Later.ms = float(parse_qs(environ["QUERY_STRING"])["ms"][0])
    if not Later.installed:
        install_later()
        Later.installed = True
    start_response("204 No Content", [])
    return []


run_simple("127.0.0.1", int(sys.argv[1]), application, threaded=False)
