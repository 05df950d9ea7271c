"""python-binance against the stand-in: the same by its own words, an OCO pair, and streams."""
import asyncio
import json
import sys
from importlib.metadata import version

from binance import AsyncClient, BinanceSocketManager, Client

server = json.load(open(sys.argv[1]))
account = server["accounts"][1]
symbol = "BTCUSDT"
client = Client(
    account["api_key"], account["secret"], requests_params={"verify": server["certificate"]}, ping=False
)
client.API_URL = server["rest"] + "/api"
client.ping()
assert len(client.get_exchange_info()["symbols"]) == 3
assert len(client.get_historical_klines(symbol, "1m", "3 hours ago UTC")) >= 179
assert len(client.get_recent_trades(symbol=symbol, limit=10)) == 10
assert len(client.get_aggregate_trades(symbol=symbol, limit=10)) == 10
last = float(client.get_symbol_ticker(symbol=symbol)["price"])


def price(share):
    return f"{last * share:.2f}"


order = client.order_limit_buy(symbol=symbol, quantity="0.01", price=price(0.98))
assert client.get_order(symbol=symbol, orderId=order["orderId"])["status"] == "NEW"
assert len(client.get_open_orders(symbol=symbol)) == 1
assert client.cancel_order(symbol=symbol, orderId=order["orderId"])["status"] == "CANCELED"
assert client.order_market_buy(symbol=symbol, quantity="0.01")["status"] == "FILLED"
pair = client.create_oco_order(
    symbol=symbol, side="SELL", quantity="0.009", aboveType="LIMIT_MAKER", abovePrice=price(1.02),
    belowType="STOP_LOSS_LIMIT", belowStopPrice=price(0.98), belowPrice=price(0.97), belowTimeInForce="GTC",
)
assert [report["status"] for report in pair["orderReports"]] == ["NEW", "NEW"]
assert float(client.get_asset_balance("BTC")["locked"]) == 0.009
assert client.cancel_order(symbol=symbol, orderId=pair["orders"][0]["orderId"])["listOrderStatus"] == "ALL_DONE"
assert float(client.get_asset_balance("BTC")["locked"]) == 0


async def streams():
    feed = AsyncClient(account["api_key"], account["secret"])
    manager = BinanceSocketManager(feed)
    manager.STREAM_URL = server["streams"] + "/"
    seen = set()
    async with manager.multiplex_socket(["btcusdt@trade", "btcusdt@bookTicker", "btcusdt@depth@100ms"]) as socket:
        while len(seen) < 3:
            seen.add((await asyncio.wait_for(socket.recv(), 60))["stream"])
    await feed.close_connection()
    return seen


seen = asyncio.run(streams())
print(f"python-binance {version('python-binance')}: orders, an OCO pair, streams {', '.join(sorted(seen))}")
