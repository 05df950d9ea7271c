"""ccxt against the stand-in: markets, ticker, book, candles, trades; place, query, change, cancel, balances."""
import json
import sys

import ccxt

server = json.load(open(sys.argv[1]))
account = server["accounts"][0]


def client(secret):
    exchange = ccxt.binance(
        {
            "apiKey": account["api_key"],
            "secret": secret,
            "options": {
                "defaultType": "spot",
                "fetchMarkets": {"types": ["spot"]},
                # Both ask /sapi, which only the live venue has.
                "fetchCurrencies": False,
                "fetchMargins": False,
            },
        }
    )
    exchange.urls["api"]["public"] = exchange.urls["api"]["private"] = server["rest"] + "/api/v3"
    exchange.validateServerSsl = server["certificate"]
    return exchange


def refused(kind, action):
    try:
        action()
    except kind:
        return
    raise AssertionError(f"expected {kind.__name__}")


exchange = client(account["secret"])
symbol = "BTC/USDT"
markets = exchange.load_markets()
assert markets[symbol]["precision"]["price"] == 0.01
ticker = exchange.fetch_ticker(symbol)
book = exchange.fetch_order_book(symbol, limit=100)
assert len(book["bids"]) == 100 and book["bids"][0][0] < book["asks"][0][0]
candles = exchange.fetch_ohlcv(symbol, "1m", since=1704067200000, limit=1000)
assert len(candles) == 1000 and candles[1][0] - candles[0][0] == 60000
assert len(exchange.fetch_trades(symbol, limit=50)) == 50


def price(share):
    return exchange.price_to_precision(symbol, ticker["bid"] * share)


before = exchange.fetch_balance()
order = exchange.create_order(symbol, "limit", "buy", 0.01, price(0.98))
assert exchange.fetch_order(order["id"], symbol)["status"] == "open"
assert [o["id"] for o in exchange.fetch_open_orders(symbol)] == [order["id"]]
changed = exchange.edit_order(order["id"], symbol, "limit", "buy", 0.01, price(0.97))
assert exchange.cancel_order(changed["id"], symbol)["status"] == "canceled"
bought = exchange.create_order(symbol, "market", "buy", 0.02)
assert bought["status"] == "closed" and bought["filled"] == 0.02
by_cost = exchange.create_market_buy_order_with_cost("ETH/USDT", 500)
assert by_cost["status"] == "closed" and 0 <= 500 - by_cost["cost"] < 1
sold = exchange.create_order(symbol, "market", "sell", 0.01)
assert sold["fee"]["currency"] == "USDT"
stop = exchange.create_order(symbol, "limit", "sell", 0.005, price(0.94), {"stopLossPrice": price(0.95)})
maker = exchange.create_order(symbol, "limit", "buy", 0.01, price(0.96), {"postOnly": True})
assert stop["status"] == "open" and maker["status"] == "open"
refused(
    ccxt.OrderImmediatelyFillable,
    lambda: exchange.create_order(symbol, "limit", "buy", 0.01, price(1.05), {"postOnly": True}),
)
refused(ccxt.InsufficientFunds, lambda: exchange.create_order(symbol, "limit", "buy", 50, price(0.9)))
refused(ccxt.OrderNotFound, lambda: exchange.fetch_order("1", symbol))
refused(ccxt.AuthenticationError, lambda: client("wrong").fetch_balance())
assert len(exchange.cancel_all_orders(symbol)) == 2
mine = exchange.fetch_my_trades(symbol)
assert sum(t["amount"] for t in mine if t["side"] == "buy") == 0.02
after = exchange.fetch_balance()
assert after["USDT"]["used"] == 0 and after["BTC"]["used"] == 0
fees = sum(t["fee"]["cost"] for t in mine if t["fee"]["currency"] == "BTC")
assert abs(after["BTC"]["total"] - before["BTC"]["total"] - 0.01 + fees) < 1e-9
print(f"ccxt {ccxt.__version__}: {len(markets)} markets, {len(exchange.fetch_orders(symbol))} orders, {len(mine)} trades")
