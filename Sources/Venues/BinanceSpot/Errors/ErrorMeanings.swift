extension BinanceSpotErrors {
    /// Every number of the venue's documentation. `-1021` is denied although no waiting mends it: nothing was done, and
    /// the same with the right time will be.
    static let meanings: [Int: Meaning] = [
        // Whether it was done is not known; -2021 without its two halves is the same.
        -1000: .undecided, -1001: .undecided, -1006: .undecided, -1007: .undecided, -2021: .undecided,
        // Not done; later perhaps.
        -1003: .denial(.overLimit), -1008: .denial(.busy), -1015: .denial(.tooManyOrders), -1021: .denial(.clock),
        -1034: .denial(.overLimit), -1181: .denial(.overLimit), -1191: .denial(.overLimit),
        // The engine said no, and its words say why.
        -2010: .rejectedOrder, -2011: .rejectedCancel,
        // The key.
        -1002: .refusal(.credentials), -1022: .refusal(.credentials), -2014: .refusal(.credentials),
        -2015: .refusal(.credentials),
        // What the order or the question is about.
        -1013: .refusal(.filter), -1112: .refusal(.noLiquidity), -1121: .refusal(.symbol), -1122: .refusal(.symbol),
        -1220: .refusal(.symbol), -2013: .refusal(.noSuchOrder), -2016: .refusal(.symbol), -2022: .refusal(.other),
        -2026: .refusal(.archived), -2038: .refusal(.notAmendable), -2043: .refusal(.symbol),
        // What the venue does not offer, or not this way (sessions, streams and binary forms of other interfaces).
        -1014: .refusal(.unsupported), -1016: .refusal(.unsupported), -1020: .refusal(.unsupported),
        -1033: .refusal(.unsupported), -1035: .refusal(.unsupported), -1125: .refusal(.unsupported),
        -1153: .refusal(.unsupported), -1155: .refusal(.unsupported), -1161: .refusal(.unsupported),
        -1176: .refusal(.unsupported), -1180: .refusal(.unsupported), -1183: .refusal(.unsupported),
        -1184: .refusal(.unsupported), -1185: .refusal(.unsupported), -1186: .refusal(.unsupported),
        -1187: .refusal(.unsupported), -2035: .refusal(.unsupported), -2036: .refusal(.unsupported),
        -2042: .refusal(.unsupported),
        // What is wrong with the request itself.
        -1100: .refusal(.parameters), -1101: .refusal(.parameters), -1102: .refusal(.parameters),
        -1103: .refusal(.parameters), -1104: .refusal(.parameters), -1105: .refusal(.parameters),
        -1106: .refusal(.parameters), -1108: .refusal(.parameters), -1111: .refusal(.parameters),
        -1114: .refusal(.parameters), -1115: .refusal(.parameters), -1116: .refusal(.parameters),
        -1117: .refusal(.parameters), -1118: .refusal(.parameters), -1119: .refusal(.parameters),
        -1120: .refusal(.parameters), -1127: .refusal(.parameters), -1128: .refusal(.parameters),
        -1130: .refusal(.parameters), -1134: .refusal(.parameters), -1135: .refusal(.parameters),
        -1139: .refusal(.parameters), -1145: .refusal(.parameters), -1151: .refusal(.parameters),
        -1152: .refusal(.parameters), -1158: .refusal(.parameters), -1160: .refusal(.parameters),
        -1165: .refusal(.parameters), -1166: .refusal(.parameters), -1168: .refusal(.parameters),
        -1169: .refusal(.parameters), -1170: .refusal(.parameters), -1171: .refusal(.parameters),
        -1172: .refusal(.parameters), -1173: .refusal(.parameters), -1174: .refusal(.parameters),
        -1175: .refusal(.parameters), -1177: .refusal(.parameters), -1178: .refusal(.parameters),
        -1179: .refusal(.parameters), -1182: .refusal(.parameters), -1188: .refusal(.parameters),
        -1189: .refusal(.parameters), -1190: .refusal(.parameters), -1194: .refusal(.parameters),
        -1196: .refusal(.parameters), -1197: .refusal(.parameters), -1198: .refusal(.parameters),
        -1199: .refusal(.parameters), -1210: .refusal(.parameters), -1211: .refusal(.parameters),
        -1221: .refusal(.parameters), -1222: .refusal(.parameters), -1223: .refusal(.parameters),
        -1224: .refusal(.parameters), -1225: .refusal(.parameters), -2039: .refusal(.parameters),
    ]
}
