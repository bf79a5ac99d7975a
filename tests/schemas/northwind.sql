-- Northwind: trade, with blanks in names, checks and views on views.
CREATE TABLE [Categories] (
    [CategoryID] INTEGER PRIMARY KEY AUTOINCREMENT,
    [CategoryName] TEXT,
    [Picture] BLOB
);
CREATE TABLE [Suppliers] (
    [SupplierID] INTEGER PRIMARY KEY AUTOINCREMENT,
    [CompanyName] TEXT NOT NULL,
    [HomePage] TEXT
);
CREATE TABLE [Customers] ([CustomerID] TEXT, [CompanyName] TEXT, [Country] TEXT, PRIMARY KEY (`CustomerID`));
CREATE TABLE [Employees] (
    [EmployeeID] INTEGER PRIMARY KEY AUTOINCREMENT,
    [LastName] TEXT,
    [ReportsTo] INTEGER,
    FOREIGN KEY ([ReportsTo]) REFERENCES [Employees] ([EmployeeID])
        ON DELETE NO ACTION ON UPDATE NO ACTION
);
CREATE TABLE [Products] (
    [ProductID] INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    [ProductName] TEXT NOT NULL,
    [SupplierID] INTEGER,
    [CategoryID] INTEGER,
    [UnitPrice] NUMERIC DEFAULT (0),
    [UnitsInStock] INTEGER DEFAULT (0),
    [Discontinued] TEXT NOT NULL DEFAULT '0',
    CHECK ([UnitPrice] >= (0)),
    CHECK ([UnitsInStock] >= (0)),
    FOREIGN KEY ([CategoryID]) REFERENCES [Categories] ([CategoryID]),
    FOREIGN KEY ([SupplierID]) REFERENCES [Suppliers] ([SupplierID])
);
CREATE TABLE [Orders] (
    [OrderID] INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    [CustomerID] TEXT REFERENCES [Customers],
    [EmployeeID] INTEGER REFERENCES [Employees],
    [OrderDate] DATETIME,
    [Freight] NUMERIC DEFAULT (0)
);
CREATE TABLE [Order Details] (
    [OrderID] INTEGER NOT NULL REFERENCES [Orders],
    [ProductID] INTEGER NOT NULL REFERENCES [Products] ([ProductID]),
    [UnitPrice] NUMERIC NOT NULL DEFAULT (0),
    [Quantity] INTEGER NOT NULL DEFAULT (1),
    [Discount] REAL NOT NULL DEFAULT (0),
    PRIMARY KEY ("OrderID", "ProductID"),
    CHECK ([Discount] >= (0) AND [Discount] <= (100)),
    CHECK ([Quantity] > (0))
);
CREATE VIEW [Order Details Extended] AS
    SELECT "Order Details".OrderID, "Order Details".ProductID, Products.ProductName,
        "Order Details".UnitPrice * "Order Details".Quantity AS ExtendedPrice
    FROM Products JOIN "Order Details" ON Products.ProductID = "Order Details".ProductID;
CREATE VIEW [Order Subtotals] AS
    SELECT OrderID, sum(ExtendedPrice) AS Subtotal FROM [Order Details Extended] GROUP BY OrderID;
CREATE VIEW [Orders Qry] AS
    SELECT Orders.OrderID, Customers.CompanyName, [Order Subtotals].Subtotal
    FROM Customers JOIN Orders ON Customers.CustomerID = Orders.CustomerID
    JOIN [Order Subtotals] USING (OrderID);
