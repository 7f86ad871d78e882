"""Clients that others wrote, as they are on PyPI, against the simulator.

Reads the simulator's announcement from standard input and writes one JSON object: what each call gave, or how the
client refused. The clients know nothing of the simulator but its address and its keys.
"""

import contextlib
import json
import sys

from ebaipy.client import EbaiClient
from doudian.core import DouDian
from sdk.apis.product_service import ProductService
from sdk.apis.shop_service import ShopService
from sdk.config import Config
from sdk.oauth.oauth_client import OAuthClient
from sdk.protocol.rpc_client import RpcClient

GIVEN = {}


def note(name, call):
    """Keeps what a call gave; an exception is kept by its kind, as a program using the client would meet it."""
    try:
        GIVEN[name] = call()
    except Exception as refusal:  # noqa: BLE001 - any refusal is an answer here
        GIVEN[name] = {"refused": type(refusal).__name__, "text": str(refusal)}


def ebai(service):
    keys, shop = service["credentials"], service["stores"][0]["remote_id"]

    class Client(EbaiClient):
        API_BASE_URL = service["url"]

    client = Client(keys["source"], keys["secret"])
    note("ebai shops", lambda: client.shop.list()["data"])
    note("ebai goods", lambda: client.sku.list(shop)["data"]["list"])
    note("ebai groups", lambda: client.sku.get_shop_category(shop)["data"]["categorys"])
    first = GIVEN["ebai goods"][0]["sku_id"]
    note("ebai stock", lambda: client.sku.update_stock(shop, skuid_stocks=f"{first}:7"))
    GIVEN["ebai first"] = first
    forged = Client(keys["source"], "wrong")
    note("ebai forged", lambda: forged.sku.update_stock(shop, skuid_stocks=f"{first}:1"))


def eleme(service):
    keys, shop = service["credentials"], int(service["stores"][0]["remote_id"])

    def client(secret):
        config = Config(False, keys["app_key"], secret)
        config.set_base_url(service["url"])
        return config, RpcClient(config, json.dumps({"access_token": keys["access_token"]}))

    config, calls = client(keys["app_secret"])
    goods = ProductService(calls)
    note("eleme shop", lambda: ShopService(calls).get_shop(shop))
    note("eleme groups", lambda: goods.get_shop_categories_with_children(shop))
    note("eleme goods", lambda: goods.query_item_by_page({"shopId": shop, "offset": 0, "limit": 20}))
    first = GIVEN["eleme goods"][0]["specs"][0]["specId"]
    note("eleme stock", lambda: goods.batch_update_stock({first: 7}))
    GIVEN["eleme first"] = first
    _, forged = client("wrong")
    note("eleme forged", lambda: ProductService(forged).batch_update_stock({first: 1}))
    note("eleme token", lambda: json.loads(OAuthClient(config).get_token_by_refresh_token(keys["refresh_token"], "all")))


def doudian(service):
    keys = service["credentials"]
    # The client's constructor calls the live service at once, so it is made without it.
    client = DouDian.__new__(DouDian)
    client.__dict__.update(
        _app_key=keys["app_key"], _app_secret=keys["app_secret"], _token_file=None, _logger=None, _proxy=None,
        _version=2, _sign_method="hmac-sha256", _gate_way=service["url"],
        _token={"refresh_token": keys["refresh_token"], "expires_in": 0},
    )
    client._refresh_token()
    note("doudian token", lambda: client._token.get("access_token"))
    note("doudian stores", lambda: client.request("/shop/getStoreList", {})["data"]["store_detail_list"])


services = json.load(sys.stdin)["services"]
# The vendor's client writes its log to standard output.
with contextlib.redirect_stdout(sys.stderr):
    ebai(services["ebai"])
    eleme(services["eleme"])
    doudian(services["doudian"])
json.dump(GIVEN, sys.stdout, ensure_ascii=False)
