"""Keeps a book by the documented recipe over TLS, and holds it against snapshots and bookTicker."""
import asyncio
import json
import ssl
import sys
import urllib.request
from decimal import Decimal

import websockets

server = json.load(open(sys.argv[1]))
context = ssl.create_default_context(cafile=server["certificate"])


def snapshot(symbol):
    address = f"{server['rest']}/api/v3/depth?symbol={symbol}&limit=5000"
    with urllib.request.urlopen(address, context=context) as answer:
        return json.load(answer)


def side(levels):
    return {Decimal(price): Decimal(quantity) for price, quantity in levels}


async def follow(symbol, speed, events):
    name = symbol.lower()
    streams = f"{name}@depth{speed}/{name}@bookTicker/{name}@trade"
    book, last, tops, compared, trade = None, None, {}, 0, None
    buffered = []
    async with websockets.connect(f"{server['streams']}/stream?streams={streams}", ssl=context) as socket:
        while events > 0:
            message = json.loads(await asyncio.wait_for(socket.recv(), 30))
            stream, data = message["stream"], message["data"]
            if stream.endswith("@bookTicker"):
                tops[data["u"]] = data
                continue
            if stream.endswith("@trade"):
                assert trade is None or data["t"] == trade + 1, "trade ids count up one by one"
                trade = data["t"]
                continue
            events -= 1
            buffered.append(data)
            if book is None:
                first = snapshot(symbol)
                if first["lastUpdateId"] < buffered[0]["U"]:
                    continue
                book = {"b": side(first["bids"]), "a": side(first["asks"])}
                last = first["lastUpdateId"]
            for event in buffered:
                if event["u"] <= last:
                    continue
                assert event["U"] <= last + 1, "no gap in the ids"
                for key in "ba":
                    for price, quantity in event[key]:
                        if Decimal(quantity) == 0:
                            book[key].pop(Decimal(price), None)
                        else:
                            book[key][Decimal(price)] = Decimal(quantity)
                last = event["u"]
                bid, ask = max(book["b"]), min(book["a"])
                assert bid < ask, "the book is not crossed"
                known = [number for number in tops if number <= last]
                if known:
                    top = tops[max(known)]
                    assert Decimal(top["b"]) == bid and Decimal(top["a"]) == ask
                    assert Decimal(top["B"]) == book["b"][bid] and Decimal(top["A"]) == book["a"][ask]
                    compared += 1
            buffered = []
    assert compared > 5
    return f"{symbol} depth{speed}: {compared} tops equal, {len(book['b'])} + {len(book['a'])} levels"


async def main():
    results = await asyncio.gather(follow("BTCUSDT", "@100ms", 100), follow("ETHUSDT", "", 10))
    print("; ".join(results))


asyncio.run(main())
